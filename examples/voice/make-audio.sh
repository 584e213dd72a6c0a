#!/bin/sh
# Makes audio.wav, 16 kHz, 16 bits, mono: speech and silence with the noise of a microphone.
# Debian: apt-get install espeak-ng sox
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
say() {
  espeak-ng -v en-us -s 150 -w "$work/$1.wav" "$2"
  sox -R "$work/$1.wav" -r 16000 -b 16 -c 1 "$work/$1-16k.wav" gain -n -6
}
silence() { sox -R -n -r 16000 -b 16 -c 1 "$work/$1-16k.wav" trim 0 "$2"; }
silence a 1.2; say b 'The network hears a voice,'
silence c 1.4; say d 'and it hears when the voice has stopped.'; silence e 1.2
sox -R "$work/a-16k.wav" "$work/b-16k.wav" "$work/c-16k.wav" "$work/d-16k.wav" "$work/e-16k.wav" "$work/clean.wav"
sox -R -n -r 16000 -b 16 -c 1 "$work/noise.wav" synth "$(soxi -D "$work/clean.wav")" pinknoise gain -42
# Where the voice begins and ends, in seconds.
end=0
for part in a b c d e; do
  begin=$end; end=$(echo "$begin + $(soxi -D "$work/$part-16k.wav")" | bc)
  case $part in b|d) echo "$begin $end";; esac
done > audio.txt
sox -R -m -v 1 "$work/clean.wav" -v 1 "$work/noise.wav" audio.wav
