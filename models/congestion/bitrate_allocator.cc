#include "models/congestion/bitrate_allocator.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace callflow::congestion {
namespace {

// To begin again a stream needs a tenth more than its least, and so much at least.
constexpr double kBeginAgain = 0.1;
constexpr DataRate kBeginAgainLeast = DataRate::kbps(20);

constexpr int kTimesMost = 2;

// Rounded down, as libwebrtc does.
DataRate fraction(DataRate rate, double share) {
  return DataRate::bitsPerSecond(
      static_cast<std::int64_t>(static_cast<double>(rate.count()) * share));
}

DataRate times(DataRate rate, int factor) {
  return rate.isUnlimited() ? rate : DataRate::bitsPerSecond(rate.count() * factor);
}

}  // namespace

DataRate BitrateAllocator::Stream::needs() const {
  DataRate rate = demand.least;
  if (had == DataRate{}) rate += std::max(fraction(rate, kBeginAgain), kBeginAgainLeast);
  return rate + fraction(rate, protection);
}

void BitrateAllocator::setStreams(std::vector<StreamDemand> streams) {
  streams_.resize(std::min(streams_.size(), streams.size()));
  for (std::size_t i = 0; i < streams.size(); ++i) {
    // A new one is taken to have had what it needs, so that it may begin.
    if (i == streams_.size()) streams_.push_back({streams[i], streams[i].least, 0});
    streams_[i].demand = streams[i];
  }
}

void BitrateAllocator::setProtection(std::size_t stream, double protection) {
  streams_.at(stream).protection = protection;
}

bool BitrateAllocator::enoughForAll(DataRate total, DataRate least) const {
  if (total < least) return false;
  const DataRate extra =
      DataRate::bitsPerSecond((total - least).count() / static_cast<std::int64_t>(streams_.size()));
  return std::all_of(streams_.begin(), streams_.end(), [&](const Stream& stream) {
    return stream.demand.least + extra >= stream.needs();
  });
}

void BitrateAllocator::spread(DataRate rate, bool toAll, int timesMost,
                              std::vector<DataRate>& out) const {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < out.size(); ++i)
    if (toAll || out[i] > DataRate{}) order.push_back(i);
  // Who can take least comes first, so that the others share what he leaves.
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return streams_[a].demand.most < streams_[b].demand.most;
  });
  for (std::size_t k = 0; k < order.size(); ++k) {
    const DataRate share =
        DataRate::bitsPerSecond(rate.count() / static_cast<std::int64_t>(order.size() - k));
    DataRate& mine = out[order[k]];
    const DataRate all = mine + share;
    const DataRate capped = std::min(all, times(streams_[order[k]].demand.most, timesMost));
    rate -= share - (all - capped);
    mine = capped;
  }
}

// There is too little for everybody's least: first those that must not pause, then those that go
// on, then those that begin again.
std::vector<DataRate> BitrateAllocator::ofLittle(DataRate total) const {
  std::vector<DataRate> out(streams_.size());
  DataRate left = total;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!streams_[i].demand.pauses) out[i] = streams_[i].demand.least;
    left -= out[i];
  }
  for (const bool goesOn : {true, false}) {
    for (std::size_t i = 0; i < out.size() && left > DataRate{}; ++i) {
      const Stream& stream = streams_[i];
      if (!stream.demand.pauses || (stream.had > DataRate{}) != goesOn) continue;
      if (left < stream.needs()) continue;
      out[i] = stream.needs();
      left -= out[i];
    }
  }
  if (left > DataRate{}) spread(left, false, 1, out);
  return out;
}

std::vector<DataRate> BitrateAllocator::ofSome(DataRate total, DataRate least) const {
  std::vector<DataRate> out;
  for (const Stream& stream : streams_) out.push_back(stream.demand.least);
  DataRate left = total - least;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const DataRate more = std::clamp(streams_[i].demand.preferred - out[i], DataRate{}, left);
    out[i] += more;
    left -= more;
  }
  // The rest by priority. Whose share is more than he can use leaves it to the others: those first
  // that come to their most first.
  std::vector<std::size_t> order(out.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto room = [&](std::size_t i) { return streams_[i].demand.most - out[i]; };
  const auto fills = [&](std::size_t i) {
    return static_cast<double>(room(i).count()) / streams_[i].demand.priority;
  };
  std::vector<double> fillsAt;
  for (std::size_t i = 0; i < out.size(); ++i) fillsAt.push_back(fills(i));
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return fillsAt[a] < fillsAt[b]; });
  double shares = 0;
  for (const Stream& stream : streams_) shares += stream.demand.priority;
  std::size_t k = 0;
  for (; k < order.size(); ++k) {
    const double priority = streams_[order[k]].demand.priority;
    const DataRate capacity = room(order[k]);
    if (fraction(left, priority / shares) < capacity) break;
    out[order[k]] += capacity;
    left -= capacity;
    shares -= priority;
  }
  for (; k < order.size(); ++k) {
    out[order[k]] += fraction(left, streams_[order[k]].demand.priority / shares);
  }
  return out;
}

std::vector<DataRate> BitrateAllocator::ofPlenty(DataRate total, DataRate most) const {
  std::vector<DataRate> out;
  for (const Stream& stream : streams_) out.push_back(stream.demand.most);
  spread(total - most, true, kTimesMost, out);
  return out;
}

std::vector<DataRate> BitrateAllocator::allocate(DataRate total) {
  if (streams_.empty()) return {};
  DataRate least, most;
  for (const Stream& stream : streams_) {
    least += stream.demand.least;
    most += stream.demand.most;
  }
  std::vector<DataRate> out(streams_.size());
  if (total > DataRate{}) {
    if (!enoughForAll(total, least)) {
      out = ofLittle(total);
    } else if (total <= most) {
      out = ofSome(total, least);
    } else {
      out = ofPlenty(total, most);
    }
  }
  for (std::size_t i = 0; i < out.size(); ++i) streams_[i].had = out[i];
  return out;
}

DemandLimits BitrateAllocator::limits() const {
  DemandLimits limits;
  for (const Stream& stream : streams_) {
    DataRate padding = stream.demand.padding;
    if (!stream.demand.pauses) {
      limits.least += stream.demand.least;
    } else if (stream.had == DataRate{}) {
      padding = std::max(padding, stream.needs());
    }
    limits.padding += padding;
    limits.most += stream.demand.most;
  }
  return limits;
}

}  // namespace callflow::congestion
