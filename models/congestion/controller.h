// Decides how fast a sender may send. Controllers are pure: they are told what happens and when,
// and say what follows; who sends, and by which timer, is elsewhere.
#pragma once

#include <cstdint>
#include <vector>

#include "models/congestion/feedback.h"
#include "src/units/units.h"

namespace callflow::congestion {

// Packets that are to be sent at a rate of their own, to find out whether the path carries it.
struct Probe {
  int cluster = kNoCluster;  // number, from 0
  DataRate rate;
  DataSize size;     // to be sent at least,
  int packets = 0;   // in so many packets at least,
  Duration spacing;  // and so far apart at least
  TimePoint asked;   // when it was asked for
};

struct Targets {
  DataRate target;          // of all media together: audio, video, what is sent again
  DataRate pacing;          // packets leave no faster
  DataRate padding;         // and if there is no media, padding is sent at this rate
  DataRate available;       // what the path is taken to carry: W3C availableOutgoingBitrate
  double encoderShare = 1;  // of the target that encoders get while too much is in flight
  Duration roundTrip;       // as seen by it
  double loss = 0;          // share
};

// What is going to be sent.
struct Demand {
  DataRate least;    // what the streams need at least,
  DataRate most;     // and what they can use at most
  DataRate padding;  // up to here padding is of use
};

class Controller {
 public:
  virtual ~Controller() = default;
  // Before anything else, and when streams begin or end.
  virtual void onDemand(const Demand& demand, TimePoint now) = 0;
  // `inFlight` includes it.
  virtual void onSent(const SentPacket& packet, DataSize inFlight) = 0;
  virtual void onFeedback(const Feedback& feedback) = 0;
  // Of RTCP reports: how long one took, and the share of packets lost of `expected`.
  virtual void onRoundTrip(Duration roundTrip, TimePoint now) = 0;
  virtual void onLoss(std::int64_t lost, std::int64_t expected, TimePoint now) = 0;
  // So much waits at the sender, as it may leave no faster than `pacing`. For those who let it have
  // a part in the target; told whenever it changes much, or before process().
  virtual void onQueue(DataSize /*waiting*/) {}
  // Packets take another path from now on.
  virtual void onPathChanged(TimePoint) {}
  // Every period().
  virtual void process(TimePoint now) = 0;
  virtual Duration period() const = 0;

  // What holds now; probes are given once.
  virtual const Targets& targets() const = 0;
  virtual std::vector<Probe> takeProbes() = 0;
};

}  // namespace callflow::congestion
