#include "src/audio/stretch.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>

namespace callflow::audio {
namespace {

constexpr std::size_t kFade = 120;     // 2.5 ms
constexpr std::size_t kReach = 1'440;  // 30 ms: what NetEq looks at

double likeness(std::span<const float> a, std::span<const float> b) {
  double product = 0;
  double energies = 1e-9;  // silence is like silence
  for (std::size_t i = 0; i < a.size(); ++i) {
    product += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    energies += static_cast<double>(a[i]) * static_cast<double>(a[i]) +
                static_cast<double>(b[i]) * static_cast<double>(b[i]);
  }
  return product / energies;
}

// Where `sound` is most like itself `distance` later; the latest such place.
std::size_t seam(std::span<const float> sound, std::size_t distance) {
  const std::size_t last = sound.size() - distance - kFade;
  const std::size_t first = last > kReach ? last - kReach : 0;
  std::size_t best = last;
  double most = -2;
  for (std::size_t at = last + 1; at-- > first;) {
    const double here = likeness(sound.subspan(at, kFade), sound.subspan(at + distance, kFade));
    if (here > most) {
      most = here;
      best = at;
    }
  }
  return best;
}

std::vector<float> crossFaded(std::span<const float> from, std::span<const float> to) {
  std::vector<float> result(kFade);
  for (std::size_t i = 0; i < kFade; ++i) {
    const float share = (static_cast<float>(i) + 1) / static_cast<float>(kFade + 1);
    result[i] = from[i] * (1 - share) + to[i] * share;
  }
  return result;
}

auto offset(std::size_t index) {
  return static_cast<std::vector<float>::difference_type>(index);
}

}  // namespace

void insertSound(std::vector<float>& sound, std::size_t samples) {
  if (samples == 0) return;
  if (sound.size() < samples + kFade) {
    sound.insert(sound.end(), samples, 0.0F);
    return;
  }
  const std::span<const float> heard(sound);
  const std::size_t at = seam(heard, samples);
  std::vector<float> rest =
      crossFaded(heard.subspan(at + samples, kFade), heard.subspan(at, kFade));
  rest.insert(rest.end(), sound.begin() + offset(at + kFade), sound.end());
  sound.resize(at + samples);
  sound.insert(sound.end(), rest.begin(), rest.end());
}

void removeSound(std::vector<float>& sound, std::size_t samples) {
  if (samples == 0) return;
  if (sound.size() < samples) {
    throw std::invalid_argument("more sound is removed than was heard before");
  }
  if (sound.size() < samples + kFade) {
    sound.resize(sound.size() - samples);
    return;
  }
  const std::span<const float> heard(sound);
  const std::size_t at = seam(heard, samples);
  const std::vector<float> joint =
      crossFaded(heard.subspan(at, kFade), heard.subspan(at + samples, kFade));
  std::copy(joint.begin(), joint.end(), sound.begin() + offset(at + samples));
  sound.erase(sound.begin() + offset(at), sound.begin() + offset(at + samples));
}

}  // namespace callflow::audio
