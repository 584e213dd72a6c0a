import type { VoiceWords } from './english-voice.ts'

/** The words of listening, in Korean. */
export const koreanVoice: VoiceWords = {
  start: '음성',
  title: '말소리인가, 침묵인가?',
  about:
    '이미 학습된 Silero VAD가 누군가 말하고 있는지 듣는다. Recurra가 ONNX 파일에서 가져와 이 페이지의 워커에서 실행하며, ' +
    '소리를 32ms씩 읽는다. 소리는 페이지 밖으로 나가지 않는다.',
  source: '들을 소리', recording: '녹음', microphone: '내 마이크',
  listen: '듣기', pause: '멈춤', resume: '계속', again: '다시 듣기', close: '듣기 끝내기',
  loading: '네트워크를 불러오는 중…', asking: '마이크를 기다리는 중…', ready: '아직 듣고 있지 않음',
  speech: '말소리', silence: '침묵',
  picture: (seconds, probability) => `소리와, 그 아래에 말소리일 확률. ${seconds}초 뒤: ${probability}`,
  likely: '말소리일 확률', heard: '들은 말소리(초):', nothing: '아직 말소리를 듣지 못했습니다.',
  runs: (parameters, engine) => `매개변수 ${parameters}개, 워커에서 실행 중: ${engine}.`,
  time: (milliseconds) => `32ms를 처리하는 데 ${milliseconds}ms가 걸립니다.`,
  denied: '마이크를 쓸 수 없습니다. 브라우저 주소창에서 허용하거나 녹음을 들으세요.',
  none: '마이크가 없습니다. 대신 녹음을 들으세요.',
  secure: '브라우저는 https 페이지에만 마이크를 허용합니다. 대신 녹음을 들으세요.',
  failed: (reason) => `브라우저에서 소리를 들을 수 없습니다: ${reason}`,
  offline: '네트워크를 불러오지 못했습니다. 온라인일 때 다시 시도하세요.',
}
