#include "models/fec/protector.h"

#include <algorithm>
#include <cmath>

namespace callflow::fec {
namespace {

// libwebrtc: rtp_sender_egress.cc (over how long rates are taken); fec_controller_default.cc
// (kProtectionOverheadRateThreshold); media_opt_util.cc (of packets a frame, for each ms).
constexpr Duration kRecent = Duration::s(1);
constexpr double kMostRepair = 0.5;
constexpr double kKept = 0.9999;

}  // namespace

void Protector::Smoothed::add(double value, TimePoint now) {
  const double kept = known_ ? std::pow(kKept, (now - at_).seconds() * 1e3) : 0;
  value_ = kept * value_ + (1 - kept) * value;
  known_ = true;
  at_ = now;
}

DataRate Protector::mediaRate(ProtectedStream stream, Ratio loss, TimePoint now) {
  forget(now);
  stream.framesPerSecond = std::max(1.0, static_cast<double>(frames_.size()));
  stream.packetsPerFrame = perFrame_.value();
  stream.packetsPerKeyFrame = perKeyFrame_.value();
  blocks_.setProtection(protectionFor(stream, filter_.onReport(loss, now)));
  if (all_ == DataSize{}) return stream.rate;
  const double share = static_cast<double>(repair_.count()) / static_cast<double>(all_.count());
  return scaled(stream.rate, 1 - std::min(share, kMostRepair));
}

void Protector::onFrame(double packets, bool key, TimePoint now) {
  frames_.push_back(now);
  (key ? perKeyFrame_ : perFrame_).add(packets, now);
}

void Protector::onSent(DataSize size, bool repair, TimePoint now) {
  forget(now);
  recent_.push_back({now, size, repair});
  all_ += size;
  if (repair) repair_ += size;
}

void Protector::forget(TimePoint now) {
  while (!frames_.empty() && frames_.front() + kRecent <= now) frames_.pop_front();
  while (!recent_.empty() && recent_.front().at + kRecent <= now) {
    const Sent& old = recent_.front();
    all_ = all_ - old.size;
    if (old.repair) repair_ = repair_ - old.size;
    recent_.pop_front();
  }
}

}  // namespace callflow::fec
