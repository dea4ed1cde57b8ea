// Lets packets go no faster than a rate (libwebrtc, modules/pacing/pacing_controller.cc): a leaky
// bucket of what has been sent. What is sent is a debt that drains at the rate; packets leave until
// the debt is worth 40 ms, and then wait until it is paid.
//
// Pure: it is called when something happens and at nextSendTime(), and asked for what leaves now
// until nothing does.
#pragma once

#include <optional>

#include "models/congestion/controller.h"
#include "models/pacing/outgoing.h"
#include "models/pacing/packet_queue.h"
#include "models/pacing/prober.h"

namespace callflow::pacing {

struct PacerParameters {
  Duration burst = Duration::ms(40);      // PacerConfig::kDefaultTimeInterval, since 2024
  Duration longestWait = Duration::s(2);  // on average; the rate is raised to keep to it
  // Whether audio uses up the rate for video; it does where its rate is part of the estimate.
  bool audioCounts = false;
};

class Pacer {
 public:
  explicit Pacer(const PacerParameters& parameters, TimePoint now);

  // Before the first packet, and whenever they change.
  void setRates(DataRate pacing, DataRate padding, TimePoint now);
  void addProbe(const congestion::Probe& probe) { prober_.add(probe); }
  // While too much is on its way but audio leaves only a sign of life every 500 ms.
  void setCongested(bool congested, TimePoint now);

  // Of any priority but padding.
  void queue(Outgoing packet, TimePoint now);

  // When next() is to be called; max(): not before something else happens. An instant that has
  // passed: at once.
  TimePoint nextSendTime() const;
  // What leaves now: to be called until there is nothing. If it is padding, its size is what is
  // wanted at least; the caller sends it in packets of its choice and says so.
  std::optional<Outgoing> next(TimePoint now);
  // How much was sent of the padding that was asked for, zero if none could be.
  void paddingSent(DataSize sent, TimePoint now);

  // The rate in force, raised if the queue is long.
  DataRate rate() const { return rate_; }
  std::int64_t queuedPackets() const { return queue_.packets(); }
  DataSize queuedSize() const { return queue_.size(); }
  Duration averageWait(TimePoint now) const { return queue_.averageWait(now); }
  // How long what is queued will take.
  Duration expectedWait() const;

 private:
  bool signOfLifeDue(TimePoint now) const;
  bool audioWaits() const;
  Duration mediaDrain() const;
  void settle(TimePoint when);
  void owe(DataSize size);
  void owePadding(DataSize size);
  void adaptRate(TimePoint now);
  Outgoing take(int cluster, TimePoint now);
  Outgoing ask(DataSize size, int cluster);
  bool beginBurst(TimePoint now);
  std::optional<Outgoing> continueBurst(TimePoint now);
  void addToBurst(DataSize size, TimePoint now);
  void endBurst(TimePoint now);
  std::optional<Outgoing> paced(TimePoint now);

  PacerParameters parameters_;
  PacketQueue queue_;
  Prober prober_;

  DataRate pacing_, padding_, rate_;
  DataSize atOnce_;  // a debt below this holds nothing up
  DataSize mediaDebt_, paddingDebt_;
  TimePoint settled_;  // the debts are those of this instant
  TimePoint lastSent_;
  bool begun_ = false;  // a packet has been queued
  bool congested_ = false;
  bool shorter_ = false;  // the queue, since the rate was adapted to it

  // Of a probe's burst that has begun to leave.
  std::optional<ProbeBurst> burst_;
  DataSize burstSent_;
  bool burstFailed_ = false;       // the last one had nothing to send
  std::optional<DataSize> asked_;  // padding
};

}  // namespace callflow::pacing
