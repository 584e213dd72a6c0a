const prepare = 'Apply it to the data, and import the model behind it.'
const cross = 'Build the model as an encoderDecoder with attention, and load its parts with loadParameters.'
const images = 'Recurra computes sequences and vectors; import the layers behind it as a model of their own.'
const pooling = 'Use MaxPooling1D or AveragePooling1D, or their global forms.'

/** What to do about layers of Keras, of models over sequences, that have no counterpart here. */
export const refusedLayers: { readonly [type: string]: string } = {
  Lambda: 'Its function is Python code, which a file describes to Python alone: write it with layers of Keras.',
  TFSMLayer: 'It is a graph of TensorFlow; save the model of Keras that it was made of.',
  AdditiveAttention: cross,
  GroupQueryAttention: 'Use MultiHeadAttention.',
  ConvLSTM1D: 'Use Conv1D before an LSTM.',
  SpectralNormalization: 'Save the model with the layer inside it, whose kernel is normalized already.',
  AdaptiveMaxPooling1D: pooling,
  AdaptiveAveragePooling1D: pooling,
  ...Object.fromEntries([
    'TextVectorization', 'StringLookup', 'IntegerLookup', 'Hashing', 'HashedCrossing', 'Discretization',
    'CategoryEncoding', 'MelSpectrogram', 'STFTSpectrogram',
  ].map((type) => [type, prepare])),
  ...Object.fromEntries([
    'Conv2D', 'Conv3D', 'ConvLSTM2D', 'ConvLSTM3D', 'MaxPooling2D', 'AveragePooling2D', 'GlobalMaxPooling2D',
    'GlobalAveragePooling2D', 'DepthwiseConv2D', 'SeparableConv2D', 'Conv2DTranspose', 'ZeroPadding2D', 'Cropping2D',
    'UpSampling2D', 'SpatialDropout2D', 'Resizing',
  ].map((type) => [type, images])),
}
