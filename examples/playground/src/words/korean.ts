import type { Words } from './english.ts'
import { koreanTour } from './korean-tour.ts'
import { koreanVoice } from './korean-voice.ts'

const nouns = { sequence: '시퀀스', vector: '벡터 하나', tokens: '기호' } as const

const gates: { readonly [gate: string]: { readonly [type: string]: string } } = {
  i: { lstm: '입력 게이트: 후보가 셀에 얼마나 들어가는가' },
  f: { lstm: '망각 게이트: 셀을 얼마나 유지하는가 (1이면 전부)' },
  g: { lstm: '후보: 셀에 쓰일 값' },
  o: { lstm: '출력 게이트: 셀을 얼마나 출력하는가' },
  r: { gru: '리셋 게이트: 후보가 이전 상태를 얼마나 반영하는가' },
  z: { gru: '업데이트 게이트: 이전 상태를 얼마나 유지하는가 (1이면 전부)', minGru: '업데이트 게이트: 상태를 얼마나 바꾸는가' },
  n: { gru: '후보: 새 상태가 될 값', minGru: '후보: 새 상태가 될 값' },
  decay: {
    mLstm: '망각 게이트: 행렬을 얼마나 유지하는가 (1이면 전부)',
    gatedDeltaNet: '감쇠: 행렬을 얼마나 유지하는가 (1이면 전부)',
  },
  input: { mLstm: '입력 게이트: 지금까지 가장 강한 것에 견주어 얼마나 강하게 쓰는가' },
  strength: { gatedDeltaNet: '강도: 키 아래에 있던 것을 얼마나 바꾸는가' },
  a: { rnn: 'tanh에 들어가기 전의 합', rnnRelu: 'ReLU에 들어가기 전의 합' },
}

/** The words of the page in Korean. */
export const korean: Words = {
  language: 'ko',
  title: '플레이그라운드', tagline: '층을 쌓고, 시간을 펼치고, 무슨 일이 일어나는지 본다.',
  tour: koreanTour, voice: koreanVoice, page: {
    language: 'ko', title: '순환 신경망',
    about: {
      text: '예측한 확률에 따라 다음 글자를 한 글자씩 뽑아 텍스트를 생성한다.',
      symbols: '입력한 기호를 읽고, 그 아래에 예측을 표시한다.',
      numbers: '숫자를 한 줄에 한 단계씩 읽고, 단계마다 예측한다.',
      digit: '그린 숫자를 한 줄씩 읽는다.',
    },
    input: { text: '텍스트의 시작', symbols: '기호', numbers: '숫자, 한 줄에 한 단계', digit: '숫자를 크게 그리세요' },
    go: { text: '생성', symbols: '예측', numbers: '예측', digit: '지우기' },
    temperature: '온도', stop: '멈춤', copy: '복사', clear: '지우기',
    made: 'Recurra 플레이그라운드에서 학습한 네트워크다. 이 파일 안에서만 실행되며, 데이터는 브라우저 밖으로 나가지 않는다.',
  },
  tasks: {
    sine: { title: '파동 예측', items: '단계', about: '처음 보는 파동의 앞부분을 읽고, 자기 예측만으로 이어 간다.' },
    text: { title: '텍스트 흉내 내기', items: '글자', about: '텍스트를 한 글자씩 읽고 다음 글자를 예측한다.' },
    recall: {
      title: '기억하기', items: '단계',
      about: '글자 하나를 읽고, 뜻 없는 기호 23개를 읽은 뒤, 그 글자를 맞힌다. 단순한 RNN은 잊어버린다.',
    },
    echo: { title: '메아리', items: '단계', about: '각 글자를 네 단계 뒤에 되풀이한다. 상태에 얼마나 담을 수 있을까?' },
    parity: {
      title: '홀짝', items: '비트', about: '비트를 읽을 때마다: 지금까지 1의 개수가 홀수인가? 한 번 틀리면 뒤가 모두 틀린다.',
    },
    adding: {
      title: '두 수 더하기', items: '숫자', about: '스무 개 가운데 표시된 두 수의 합은? 점은 표시되지 않은 수이다.',
    },
    digits: { title: '숫자 읽기', items: '줄', about: '손글씨 숫자(MNIST)를 한 줄씩 읽는다. 직접 그려 볼 수도 있다.' },
    reversal: {
      title: '거꾸로 적기', items: '글자', about: '낱말을 읽고 거꾸로 적는다. 어텐션은 어느 글자를 보는지 알려 준다.',
    },
  },
  kinds: {
    lstm: '장단기 기억: 게이트 셋이 셀을 조절한다. 망각 게이트는 열린 채로 시작한다(편향 3).',
    gru: '게이트 순환 유닛: 게이트 둘, 셀 없음',
    rnn: '단순 RNN: 입력과 상태의 tanh',
    rnnRelu: 'tanh 대신 ReLU를 쓰는 단순 RNN: 상태의 크기에 제한이 없다',
    minGru: '게이트 하나, 순환 행렬 없음',
    mLstm: '상태가 행렬: 키 아래에 값을 더해 쓰고, 게이트로 잊는다',
    gatedDeltaNet: '상태가 행렬: 키 아래에 있던 것을 새 값으로 바꾼다',
    bidirectional: '정방향 GRU와 역방향 GRU. 출력 크기는 두 배',
    embedding: '기호마다 벡터 하나',
    dense: '단계마다 행렬을 곱한다',
    tanh: '각 값을 -1과 1 사이로 압축한다',
    layerNorm: '단계마다 평균 0, 분산 1로 정규화한다',
    dropout: '학습하는 동안 유닛의 5분의 1을 무작위로 끈다',
    attention: '단계마다 소스의 가중 평균을 낸다',
  },
  gate: (gate, type) => gates[gate]?.[type] ?? gate,
  sides: { encoder: '인코더', layers: '층', decoder: '디코더', forward: '정방향', backward: '역방향' },
  share: {
    group: '저장과 공유', share: '공유', experiment: '실험 링크', model: '학습한 네트워크가 담긴 링크',
    save: '저장', load: '불러오기', download: '다운로드', language: 'English', dismiss: '닫기',
    first: '먼저 한 단계 이상 학습하세요.', weights: '가중치', onnx: '모델', html: '독립 페이지',
  },
  notices: {
    nothing: '첫 단계 전에는 저장할 것이 없습니다.', saved: '이 브라우저에 저장했습니다.',
    loaded: '불러왔습니다. 학습을 누르면 이어집니다.', downloaded: (file) => `${file} 파일을 내려받았습니다.`,
    shared: (size) => `과제와 네트워크, 설정이 담긴 링크를 복사했습니다(${size}).`,
    withoutText: (size) =>
      `과제와 네트워크, 설정이 담긴 링크를 복사했습니다(${size}). 텍스트는 링크에 담기에 너무 길어 빠졌습니다.`,
    textTooLong: (most) =>
      `네트워크에는 학습한 텍스트가 필요한데, 링크에는 ${most}자까지만 담깁니다. 대신 내려받으세요.`,
    sharedModel: (size) => `학습한 네트워크가 (반올림되어) 담긴 링크를 복사했습니다(${size}).`,
    opened: '링크에 담긴 네트워크입니다. 학습을 누르면 이어집니다.',
    paused: (steps) => `${steps}단계 뒤에 멈췄습니다. 계속하거나 무언가를 바꿔 보세요.`,
    digits: '숫자 그림을 불러오지 못했습니다. 온라인일 때 페이지를 다시 여세요.',
    short: (least, got) => `텍스트는 ${least}자 이상이어야 합니다. 지금은 ${got}자입니다.`,
    noGpu: '이 브라우저에서는 WebGPU로 GPU를 쓸 수 없어, 대신 프로세서에서 학습합니다.',
    damaged: '링크가 손상되었거나 다른 버전의 것이어서 무시했습니다.',
  },
  task: {
    title: '과제', text: (length) => `텍스트 (${length}자). 다른 텍스트를 붙여 넣을 수 있습니다:`,
    upload: '텍스트 파일 올리기', dataSize: '데이터', noise: '잡음', dropout: '드롭아웃', none: '없음',
  },
  network: {
    title: '네트워크', about: '층을 끌어다 놓거나 버튼을 쓰세요. 층 사이의 숫자는 데이터의 크기입니다.',
    up: (layer) => `${layer} 위로`, down: (layer) => `${layer} 아래로`, remove: (layer) => `${layer} 빼기`,
    add: (layer) => `${layer} 더하기`, palette: (stack) => `층 더하기: ${stack}`,
    units: '유닛', scale: '순환 가중치 크기', fixed: '과제가 정함', last: '마지막 단계',
    wire: ({ kind, size }) =>
      kind === 'tokens' ? `기호 ${size}개` : kind === 'vector' ? `크기 ${size}인 벡터` : `단계마다 ${size}`,
    fault: (fault) => {
      if (fault.kind === 'noSource') return '어텐션에 쓸 소스가 이 과제에는 없습니다. 이 층을 빼세요.'
      if (fault.kind !== 'input')
        return '시퀀스 전체가 필요한데, 여기서는 다음 단계를 알기 전에 예측합니다. GRU를 쓰세요.'
      const fixes = {
        tokens: '앞에 임베딩을 넣으세요.',
        vector: '벡터 하나를 출력하는 층보다 앞으로 옮기세요.',
        sequence: '맨 앞으로 옮기거나 빼세요.',
      }
      const expected = fault.expected.map((one) => nouns[one]).join(' 또는 ')
      return `필요한 입력: ${expected}, 들어온 입력: ${nouns[fault.got]}. ${fixes[fault.got]}`
    },
  },
  picture: {
    title: '동작하는 네트워크', unroll: '시간으로 펼치기', roll: '접기', step: '시간 단계',
    rolled: (t, all) => `${all}단계 중 ${t}단계의 네트워크. 원 하나가 유닛 하나`,
    unrolled: '시간으로 펼친 네트워크. 열 하나가 한 단계이고, 아래 화살표는 역전파되는 기울기',
  },
  training: {
    title: '학습', train: '학습', pause: '멈춤', resume: '계속', step: '한 단계', reset: '처음부터', seed: '시드',
    rate: '학습률', clip: '기울기 클리핑', never: '안 함', optimizer: '옵티마이저', device: '실행 장치',
    processor: '프로세서',
    loss: '학습 손실', heldOut: '검증 손실', accuracy: '검증 정확도', stepCount: '단계',
    speed: (items) => `${items} / 초`, gradient: '기울기 노름', parameters: '매개변수',
    misfit: '층들이 아직 서로 맞지 않습니다. 표시된 층을 확인하세요.',
    chart: (loss, heldOut) => `단계에 따른 손실: 지금 학습 ${loss}${heldOut && `, 검증 ${heldOut}`}`,
    waiting: '여기에 손실이 그려집니다.',
    overfitting: (step) =>
      `${step}단계부터 과적합: 학습 손실은 내려가는데 검증 손실은 오릅니다. 드롭아웃을 쓰거나 데이터를 늘려 보세요.`,
    runs: (engine) => `워커에서 실행 중: ${engine}.`,
    press: '학습은 이 페이지의 워커에서 이루어지며, 데이터는 밖으로 나가지 않습니다.',
  },
  answers: {
    titles: {
      text: '생성한 텍스트', echo: '예측', parity: '예측', adding: '예측', recall: '예측', digits: '읽은 숫자',
      sine: '이어 간 파동', reversal: '거꾸로 적은 낱말',
    },
    empty: '아직 없습니다. 학습을 누르세요.', prompt: '시작', temperature: '온도', write: '생성',
    wave: '실제 파동과 네트워크가 이어 간 파동', truth: '실제 파동',
    predictedFrom: (from) => `예측. ${from}단계부터는 자기 예측만 읽는다`,
    steps: '단계별', reads: '입력', target: '정답', predicted: '예측',
    right: (right, all) => `${all}개 중 ${right}개 맞음.`,
    attention: '어텐션',
    attends: '각 행은 출력하는 글자 하나이다. 칸이 진할수록 낱말의 그 글자에 더 주목한다.',
    digit: '학습에 쓰지 않은 숫자', is: (target, predicted) => `${target}을(를) ${predicted}(으)로 읽음`,
    draw: '크게 그려 보세요. 키보드에서는 화살표로 펜을 옮기고, Shift를 누른 채로 그립니다.', clear: '지우기',
    pad: '숫자를 그리는 칸: 화살표로 펜을 옮기고, Shift와 함께 그린다',
  },
  states: {
    title: '시간에 따른 활성', empty: '어느 유닛이 어느 글자에 반응하는지, 게이트가 무엇을 통과시키는지 보여 줍니다.',
    none: '이 네트워크에는 상태가 있는 층이 없습니다. LSTM을 넣어 보세요.',
    layer: '층', unit: '유닛', another: '다른 시퀀스 읽기', units: '시간에 따른 유닛',
    map: (layer, units, steps) =>
      `${layer}의 상태: 유닛 ${units}개, ${steps}단계. 화살표로 움직이고 Shift로 단계를 고른다`,
    value: (unit, step, read, value) => `유닛 ${unit}, ${step}단계${read && ` “${read}”`}: ${value}`,
    help: '값을 읽으려면 가리키거나 화살표 키를 쓰세요. 여러 단계를 끌거나 Shift를 누르면 패턴을 고를 수 있습니다.',
    gateOf: (unit) => `유닛 ${unit}의 게이트`,
    find: '같은 패턴 찾기', found: (units) => `유닛 ${units}개가 구간 내내 활성입니다. 같은 패턴이 나타난 곳:`,
    noUnits: '구간 내내 활성인(0.3을 넘는) 유닛이 없습니다. 더 짧게 선택하거나 더 학습하세요.',
    matrix: (step) => `${step}단계 뒤의 상태 행렬`,
    matrixHelp: '행은 키, 열은 값이다. 위의 지도는 행마다 벡터의 길이를 보여 준다.',
    clear: '선택 해제', below: '0보다 작음', above: '0보다 큼',
  },
  gradients: {
    title: '시간에 따른 기울기', empty: '오차가 얼마나 멀리 거슬러 가는가: 소실되는가, 폭주하는가, 도달하는가?',
    about: '마지막 단계 손실의 기울기를 그 앞 단계마다 나타낸다. 왼쪽이 첫 단계, 오른쪽이 마지막 단계.',
    label: '층마다, 단계마다 기울기의 노름',
    vanishes: '소실: 마지막 단계의 오차가 첫 단계에 전달되지 않는다', explodes: '폭주: 클리핑하세요',
    fades: '약해짐', arrives: '도달',
  },
}
