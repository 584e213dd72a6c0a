console.log('char-rnn: to be written')
