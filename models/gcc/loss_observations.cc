#include "models/gcc/loss_observations.h"

#include <algorithm>
#include <cmath>

namespace callflow::gcc {
namespace {

// libwebrtc, goog_cc/loss_based_bwe_v2.cc: ObservationDurationLowerBound, TemporalWeightFactor,
// MedianSendingRateFactor.
constexpr Duration kLeastSpan = Duration::ms(250);
constexpr double kAgeing = 0.9;
constexpr std::int64_t kBurst = 2;  // so many times the median is more than usual
// With fewer there is no worst one to speak of.
constexpr std::int64_t kFewest = 3;

double kilobytes(DataSize size) {
  return static_cast<double>(size.count()) / 1000;
}

// libwebrtc weighs whole bytes, and near 5 % of loss the ceiling shows it.
double weighed(double kilobytes, double weight) {
  return std::round(weight * kilobytes * 1000);
}

}  // namespace

LossObservations::LossObservations(int window)
    : ring_(static_cast<std::size_t>(window)), newest_(ring_.size() - 1) {
  for (int age = 0; age < window; ++age) weights_.push_back(std::pow(kAgeing, age));
  sorted_.reserve(ring_.size());
}

bool LossObservations::add(const std::vector<congestion::PacketResult>& packets) {
  if (packets.empty()) return false;
  TimePoint first = TimePoint::max();
  TimePoint last = packets.front().packet.sent;
  for (const congestion::PacketResult& result : packets) {
    note(result);
    first = std::min(first, result.packet.sent);
    last = std::max(last, result.packet.sent);
  }
  if (!begun_) {
    begun_ = true;
    end_ = first;
  }
  const Duration span = last - end_;
  if (span < kLeastSpan) return false;
  end_ = last;
  close(span);
  return true;
}

void LossObservations::note(const congestion::PacketResult& result) {
  const congestion::SentPacket& packet = result.packet;
  size_ += packet.size;
  // Feedback is nearly always in order: then neither of these has to search.
  if (result.arrived() && (lost_.empty() || lost_.back().sequence < packet.sequence)) return;
  if (!result.arrived() && (lost_.empty() || lost_.back().sequence < packet.sequence)) {
    lost_.push_back({packet.sequence, packet.size});
    return;
  }
  const auto place = std::lower_bound(
      lost_.begin(), lost_.end(), packet.sequence,
      [](const Lost& lost, std::int64_t sequence) { return lost.sequence < sequence; });
  const bool known = place != lost_.end() && place->sequence == packet.sequence;
  if (result.arrived() && known) lost_.erase(place);
  if (!result.arrived() && !known) lost_.insert(place, {packet.sequence, packet.size});
}

void LossObservations::close(Duration span) {
  DataSize lost;
  for (const Lost& packet : lost_) lost += packet.size;
  LossObservation observation;
  observation.rate = rateOf(size_, span);
  observation.sent = kilobytes(size_);
  observation.lost = kilobytes(lost);
  observation.share = size_.count() > 0 ? observation.lost / observation.sent : 0;
  newest_ = newest_ + 1 == ring_.size() ? 0 : newest_ + 1;
  ring_[newest_] = observation;
  ++count_;
  size_ = DataSize{};
  lost_.clear();
  averageLoss_ = computeAverage();
}

double LossObservations::computeAverage() {
  struct Part {
    double sent = 0, lost = 0;
  } all, worst, best;
  double most = 0;
  double least = 1;
  DataRate worstRate;
  forEach([&](const LossObservation& observation, double weight) {
    const Part part{weighed(observation.sent, weight), weighed(observation.lost, weight)};
    all.sent += part.sent;
    all.lost += part.lost;
    if (count_ <= kFewest) return;
    if (observation.share > most) {
      most = observation.share;
      worst = part;
      worstRate = observation.rate;
    }
    if (observation.share < least) {
      least = observation.share;
      best = part;
    }
  });
  if (all.sent <= 0) return 0;
  const DataRate median = medianRate();
  const bool burst = DataRate::bitsPerSecond(median.count() * kBurst) <= worstRate;
  const double rest = all.sent - (worst.sent + best.sent);
  // A window of two consists of nothing but the worst and the best.
  if (burst || rest <= 0) return all.lost / all.sent;
  return (all.lost - best.lost - worst.lost) / rest;
}

DataRate LossObservations::medianRate() {
  sorted_.clear();
  forEach([&](const LossObservation& observation, double) {
    if (observation.rate > DataRate{}) sorted_.push_back(observation.rate);
  });
  if (sorted_.empty()) return DataRate{};
  std::sort(sorted_.begin(), sorted_.end());
  const std::size_t middle = sorted_.size() / 2;
  if (sorted_.size() % 2 == 1) return sorted_[middle];
  return DataRate::bitsPerSecond((sorted_[middle - 1].count() + sorted_[middle].count()) / 2);
}

}  // namespace callflow::gcc
