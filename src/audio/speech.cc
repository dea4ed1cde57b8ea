#include <cstddef>
#include <span>

#include "src/audio/files.h"

// speech.wav is made when callflow is built (CMakeLists.txt beside this file).
asm(R"(
  .section .rodata
  .balign 16
callflow_speech_begin:
  .incbin "speech.wav"
callflow_speech_end:
  .previous
)");

extern "C" const unsigned char kSpeechBegin[] asm("callflow_speech_begin");
extern "C" const unsigned char kSpeechEnd[] asm("callflow_speech_end");

namespace callflow::audio {

std::vector<float> builtInSpeech() {
  return speechIn(std::as_bytes(std::span(kSpeechBegin, kSpeechEnd)));
}

}  // namespace callflow::audio
