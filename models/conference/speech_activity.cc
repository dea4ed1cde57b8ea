#include "models/conference/speech_activity.h"

#include <algorithm>
#include <cmath>

namespace callflow::conference {

namespace {

// So much above noise is speech; the steps that levels are counted in are as large.
constexpr int kStep = 10;
constexpr int kSteps = 13;
// A packet is speech from so many steps on, a block if so many of its packets are.
constexpr int kSpeechSteps = 7, kSpeechPackets = 4;
constexpr int kNoiseWindow = 750;  // packets: 15 s of 20 ms
constexpr double kLeastScore = 1e-10;
constexpr double kImmediateLambda = 0.78, kMediumLambda = 24, kLastingLambda = 47;

}  // namespace

double activityScore(int active, int all, double lambda) {
  double ways = 0;  // logarithm of the binomial coefficient
  for (int i = 1; i <= active; ++i) ways += std::log(static_cast<double>(all - active + i) / i);
  const double score = ways + all * std::log(0.5) - std::log(lambda) + lambda * active;
  return std::max(score, kLeastScore);
}

AudioLevel SpeechActivity::add(AudioLevel level) {
  level = std::min(level, kLoudest);
  std::copy_backward(levels_.begin(), levels_.end() - 1, levels_.end());
  levels_.front() = level;
  followNoise(level);
  return level >= noise_ + kStep ? level : AudioLevel{0};
}

void SpeechActivity::followNoise(AudioLevel level) {
  if (level == 0) return;
  if (noise_ == 0 || level < noise_) {
    noise_ = level;
    laterNoise_ = 0;
    laterLevels_ = 0;
    return;
  }
  laterNoise_ = laterNoise_ == 0 ? level : std::min(laterNoise_, level);
  if (++laterLevels_ < kNoiseWindow) return;
  noise_ = static_cast<AudioLevel>(std::sqrt(static_cast<double>(noise_) * laterNoise_));
  laterNoise_ = 0;
  laterLevels_ = 0;
}

SpeechActivity::Scores SpeechActivity::scores() const {
  const auto steps = [&](AudioLevel level) { return level < noise_ + kStep ? 0 : level / kStep; };
  std::array<int, kBlocks> blocks{};
  for (std::size_t i = 0; i < levels_.size(); ++i)
    if (steps(levels_[i]) > kSpeechSteps) ++blocks[i / kBlock];
  const auto active = static_cast<int>(std::count_if(
      blocks.begin(), blocks.end(), [](int packets) { return packets > kSpeechPackets; }));
  return {.immediate = activityScore(steps(levels_.front()), kSteps, kImmediateLambda),
          .medium = activityScore(blocks.front(), static_cast<int>(kBlock), kMediumLambda),
          .lasting = activityScore(active, static_cast<int>(kBlocks), kLastingLambda)};
}

}  // namespace callflow::conference
