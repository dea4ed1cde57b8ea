#include "models/fabric/random.h"

#include <ns3/rng-seed-manager.h>

#include <algorithm>
#include <cmath>

namespace callflow::fabric {
namespace {

constexpr std::uint64_t kProgramsHalf = std::uint64_t{1} << 63;

// Longer than any simulation; keeps sums of a few durations within 64 bits.
constexpr double kLongestNs = 3e18;

}  // namespace

std::uint64_t streamNumber(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  return hash & ~kProgramsHalf;
}

RandomStream::RandomStream(std::string_view name)
    : stream_(ns3::RngSeedManager::GetSeed(), kProgramsHalf | streamNumber(name),
              ns3::RngSeedManager::GetRun()) {}

RandomStream::RandomStream(std::string_view name, std::uint64_t index)
    : RandomStream(std::string(name) + " " + std::to_string(index)) {}

Duration RandomStream::exponential(Duration mean) {
  const double ns = -static_cast<double>(mean.count()) * std::log(uniform());
  return Duration::ns(std::llround(std::min(ns, kLongestNs)));
}

std::uint32_t FlowNames::number(const std::string& name) {
  const auto [found, isNew] =
      numbers_.try_emplace(name, static_cast<std::uint32_t>(names_.size() + 1));
  if (isNew) names_.push_back(name);
  return found->second;
}

std::string FlowNames::name(std::uint32_t number) const {
  return number > 0 && number <= names_.size() ? names_[number - 1] : std::to_string(number);
}

RandomStream& FlowDraws::of(const Packet& packet) {
  if (packet.has(packet_flag::kMedia | packet_flag::kNewData)) {
    if (const std::uint32_t* const place = places_.find(packet.stream)) return streams_[*place];
    const std::string flow =
        names_ != nullptr ? names_->name(packet.stream) : std::to_string(packet.stream);
    places_[packet.stream] = static_cast<std::uint32_t>(streams_.size());
    return streams_.emplace_back(name_ + " stream " + flow);
  }
  if (!rest_) rest_.emplace(name_);
  return *rest_;
}

}  // namespace callflow::fabric
