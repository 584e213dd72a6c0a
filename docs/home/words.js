/** The texts of the home, in both languages. Links lead from the top of the site, or to a page of docs by its path. */
const guide = (path) => ({ guide: path })

/** Pictures of what was measured: the file, and the report of the command that it is drawn from. */
export const measuredPictures = [
  ['measured-training.svg', 'training'], ['measured-streaming.svg', 'streaming'], ['measured-size.svg', 'size'],
]

export const words = {
  en: {
    title: 'Recurra: recurrent neural networks in TypeScript',
    motto: 'Stack layers. Unroll time.',
    lead: 'Recurra trains and runs recurrent neural networks in TypeScript, in Node and in the browser. No Python, ' +
      'no compiler, no GPU.',
    begin: ['Your first model', guide('guides/your-first-model.md')],
    look: ['All functions', 'modules/recurra.html'],
    live: {
      alt: 'A small GRU as circles, colored by their state, above the wave that it continues',
      caption: 'A GRU of 20 units learns to continue waves, in this page, now. It reads the plain part of a wave ' +
        'that it has never seen; in the shaded part it reads its own answers. Circles are units, colored by their ' +
        'state.',
      start: 'Train it', step: 'step', loss: 'loss', pause: 'Pause', resume: 'Resume', again: 'Another wave, from ' +
        'the start',
    },
    program: 'Ten lines',
    programText: 'A model is a list of layers; each takes its input size from the one before, and one that does not ' +
      'fit is a compile error at its place. This program trains for a second or two.',
    programAlt: 'The loss falls from 3.3 to nearly 0 in 80 of 200 training steps; at step 0 the model writes ' +
      'ffffff, at step 80 the whole sentence; below, the outputs of eight units at each character',
    install: 'Install',
    installText: 'Recurra needs Node 20.19, 22.12 or later. It is not in the npm registry yet: pack it once in a ' +
      'clone. One file brings the library, its types and the command. Once it is published, ',
    installLater: ' is all.', today: 'Not in the registry yet: how to install it today',
    why: 'Why this one',
    reasons: [
      ['It trains fast on a CPU', 'Two LSTM layers of 256: the time of a step as a multiple of ours. PyTorch and ' +
        'hand-written NumPy, compiled for the machine, are a little ahead on one thread.'],
      ['A stream costs microseconds', 'Two LSTM layers of 256, one step, with a state that can be saved, sent ' +
        'elsewhere, and resumed.'],
      ['It is small', 'What a page downloads to train an LSTM, by package, without anything besides.'],
    ],
    measured: (command, machine, date) => `Measured by ${command} on ${machine}, ${date}.`,
    whyMore: 'And it is right: layers, losses and optimizers agree with PyTorch in float64 to nine digits, which ' +
      'every run of the tests checks. You write the equations of a cell; gradients through time, masks and ' +
      'streaming follow.',
    compare: ['Where others win', guide('guides/limits.md')],
    measure: ['How to measure', guide('guides/performance.md')],
    ways: 'What do you want to do?',
    cards: [
      ['Text', 'Learn a text by characters or words, and write on in its manner.',
        'guides/from-the-step-function-to-a-deep-rnn.md'],
      ['Labels', 'Classify mails, sentences, signals; tag every word.', 'guides/the-five-shapes-of-sequence-tasks.md'],
      ['Series', 'Forecast a table of measurements, with intervals.', 'guides/forecasting.md'],
      ['Translation', 'One sequence into another: encoder, decoder, attention.',
        'guides/the-five-shapes-of-sequence-tasks.md', '#many-to-many-through-an-encoder'],
      ['A page', 'Train and run in the browser: threads, workers, a strict CSP.', 'guides/limits.md'],
      ['A server', 'Stream to many clients, each with a state of its own.', 'guides/streaming-in-production.md'],
    ],
    noCode: ['Without code: the command', guide('guides/the-command.md')],
    built: 'What it is made of',
    builtText: 'Packages, each resting on those below it; the formula of a cell at the bottom, the command at the top.',
    builtAlt: 'The packages, from recurra at the top down to tensor and formula',
    architecture: ['Architecture', guide('architecture.md')],
  },
  ko: {
    title: 'Recurra: TypeScript로 만드는 순환 신경망',
    motto: '층을 쌓고, 시간을 펼친다.',
    lead: 'Recurra는 순환 신경망(RNN)을 TypeScript로 학습시키고 실행한다. Node와 브라우저에서 동작하며, Python도 컴파일러도 GPU도 필요 없다.',
    begin: ['단계 함수에서 심층 RNN까지', guide('ko/from-the-step-function-to-a-deep-rnn.md')],
    look: ['모든 함수', 'modules/recurra.html'],
    live: {
      alt: '상태에 따라 색이 달라지는 동그라미로 그린 작은 GRU와, 그 GRU가 이어 그리는 물결',
      caption: '유닛 20개짜리 GRU가 지금 이 페이지에서 물결을 이어 그리는 법을 배운다. 처음 보는 물결의 앞부분만 읽고, 음영이 있는 부분에서는 자신의 예측을 다시 읽는다. 동그라미는 ' +
        '유닛이며 색은 상태를 나타낸다.',
      start: '학습 시작', step: '단계', loss: '손실', pause: '멈춤', resume: '계속', again: '다른 물결로 처음부터',
    },
    program: '열 줄이면 된다',
    programText: '모델은 층의 목록이다. 각 층은 입력 크기를 바로 앞 층에서 얻고, 맞지 않는 층은 그 자리에서 컴파일 오류가 된다. 이 프로그램의 학습은 1~2초면 끝난다.',
    programAlt: '손실이 200단계 중 80단계 만에 3.3에서 거의 0으로 내려간다. 0단계의 모델은 ffffff를 쓰고 80단계의 모델은 문장 전체를 쓴다. 아래는 유닛 여덟 개가 글자마다 ' +
      '내는 출력이다',
    install: '설치',
    installText: 'Node 20.19, 22.12 이상이 필요하다. 아직 npm 레지스트리에는 없으므로, 복제한 저장소에서 한 번 파일로 만든다. 그 파일 하나에 라이브러리와 타입과 명령이 ' +
      '모두 들어 있다. 레지스트리에 올라간 뒤에는 ',
    installLater: '만 실행하면 된다.', today: '아직 레지스트리에 없다: 지금 설치하는 법',
    why: '왜 Recurra인가',
    reasons: [
      ['CPU에서 빠르게 학습한다', '유닛 256개짜리 LSTM 두 층. 학습 한 단계에 걸리는 시간이 Recurra의 몇 배인지 나타낸다. 스레드 하나로 재면 그 기계에 맞춰 ' +
        '컴파일된 PyTorch와 손으로 쓴 NumPy가 조금 앞선다.'],
      ['스트림 한 단계는 마이크로초면 된다', '유닛 256개짜리 LSTM 두 층의 한 단계. 상태는 저장하고, 다른 곳으로 보내고, 이어서 쓸 수 있다.'],
      ['작다', 'LSTM을 학습시키는 페이지가 내려받는 양을 패키지별로 나눈 것이다. 그 밖에는 아무것도 필요 없다.'],
    ],
    measured: (command, machine, date) => `${date}, ${machine}에서 ${command}로 측정했다.`,
    whyMore: '결과도 정확하다. 층과 손실 함수와 옵티마이저는 float64에서 PyTorch와 아홉 자리까지 일치하며, 테스트가 매번 이를 검사한다. 셀의 수식만 쓰면 시간 역전파와 마스크와 ' +
      '스트리밍은 저절로 따라온다.',
    compare: ['다른 라이브러리가 나은 경우 (영어)', guide('guides/limits.md')],
    measure: ['측정하는 법 (영어)', guide('guides/performance.md')],
    ways: '무엇을 하고 싶은가?',
    cards: [
      ['텍스트', '글자나 단어 단위로 글을 배우고, 그 문체로 이어 쓴다.', 'ko/from-the-step-function-to-a-deep-rnn.md'],
      ['레이블', '메일, 문장, 신호를 분류하고 단어마다 태그를 단다. (영어)', 'guides/the-five-shapes-of-sequence-tasks.md'],
      ['시계열', '측정값의 앞날을 구간과 함께 예측한다. (영어)', 'guides/forecasting.md'],
      ['번역', '시퀀스를 다른 시퀀스로: 인코더, 디코더, 어텐션. (영어)',
        'guides/the-five-shapes-of-sequence-tasks.md', '#many-to-many-through-an-encoder'],
      ['웹 페이지', '브라우저에서 학습하고 실행한다: 스레드, 워커, 엄격한 CSP. (영어)', 'guides/limits.md'],
      ['서버', '클라이언트마다 상태를 따로 두고 스트리밍한다. (영어)', 'guides/streaming-in-production.md'],
    ],
    noCode: ['코드 없이 쓰는 명령 (영어)', guide('guides/the-command.md')],
    built: '무엇으로 이루어져 있나',
    builtText: '패키지는 저마다 아래의 패키지 위에 서 있다. 맨 아래에 수식이, 맨 위에 명령이 있다.',
    builtAlt: 'recurra에서 tensor와 formula까지 이어지는 패키지들',
    architecture: ['구조 (영어)', guide('architecture.md')],
  },
}
