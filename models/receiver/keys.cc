#include "models/receiver/keys.h"

#include <algorithm>

namespace callflow::receiver {
namespace {

// A bound of a buffer that adapts; a fixed one has none to write.
template <Duration JitterBufferParameters::*kBound>
std::optional<Duration> boundOf(const JitterBufferParameters& buffer) {
  if (buffer.kind == JitterBufferKind::fixed) return {};
  return buffer.*kBound;
}

template <Duration JitterBufferParameters::*kBound>
void setBound(JitterBufferParameters& buffer, const Duration& value) {
  buffer.*kBound = value;
}

}  // namespace

const config::Table<JitterBufferParameters>& tableOf(const JitterBufferParameters*) {
  static const config::Table<JitterBufferParameters> kTable =
      config::Table<JitterBufferParameters>(
          "jitter-buffer",
          "Where packets wait at the receiver so that late ones still come in time.")
          .add("kind", &JitterBufferParameters::kind,
               {.def = "neteq",
                .help = "neteq is WebRTC's, as the call's profile has it; adaptive is simpler and "
                        "follows the same target; fixed plays everything so long after the first "
                        "packet.",
                .source = "libwebrtc: modules/audio_coding/neteq"})
          .add("delay", &JitterBufferParameters::delay,
               {.def = "80 ms",
                .max = "10 s",
                .help = "fixed: from a packet's expected arrival to its playout; else: the target "
                        "to start with; where it is not written, kept between minimum and "
                        "maximum.",
                .source = "libwebrtc NetEq: kStartDelayMs, which SetMinimumDelay and "
                          "SetMaximumDelay bound"})
          .property<Duration>(
              "minimum", &boundOf<&JitterBufferParameters::minimum>,
              &setBound<&JitterBufferParameters::minimum>,
              {.def = "0 ms",
               .max = "10 s",
               .help = "Least target of a buffer that adapts.",
               .source = "libwebrtc NetEq: no minimum unless the application sets one"})
          .property<Duration>("maximum", &boundOf<&JitterBufferParameters::maximum>,
                              &setBound<&JitterBufferParameters::maximum>,
                              {.def = "3 s",
                               .max = "10 s",
                               .help = "Largest target of a buffer that adapts.",
                               .source = "libwebrtc NetEq: three quarters of 200 packets of 20 ms"})
          .check([](JitterBufferParameters& buffer, const config::Context& context) {
            if (buffer.kind != JitterBufferKind::fixed) {
              // Whoever asks for more (jitterBufferTarget, in a browser) names no start.
              if (!context.has("delay") && buffer.minimum <= buffer.maximum)
                buffer.delay = std::clamp(buffer.delay, buffer.minimum, buffer.maximum);
              return;
            }
            for (const char* key : {"minimum", "maximum"})
              if (context.has(key))
                context.keyError(key, "has no effect on a fixed buffer",
                                 "leave it out, or write kind: neteq or adaptive");
          });
  return kTable;
}

}  // namespace callflow::receiver
