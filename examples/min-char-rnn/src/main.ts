console.log('min-char-rnn: to be written')
