// One end of an RTP session over one transport, as WebRTC bundles them (RFC 9143): all that is sent
// is numbered, controlled as one and paced, and what comes is told of. Its sound is sent by others
// and only numbered here.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "models/congestion/controller.h"
#include "models/fabric/random.h"
#include "models/fabric/simulator.h"
#include "models/pacing/pacer.h"
#include "models/path/transit.h"
#include "models/rtp/control_message.h"
#include "models/rtp/history.h"
#include "models/rtp/packet.h"
#include "models/rtp/sent_packets.h"
#include "models/rtp/transport_feedback.h"
#include "src/units/units.h"

namespace callflow::rtp {

// What is to be shared out among a session's sources.
struct Allowance {
  DataRate target;
  double encoderShare = 1;  // congestion::Targets
  Ratio loss;
  Duration roundTrip;

  bool operator==(const Allowance&) const = default;
};

// Shares it out.
class RateListener {
 public:
  virtual ~RateListener() = default;
  // What its sources need, and what they can use.
  virtual congestion::Demand demand() const = 0;
  virtual void onAllowance(const Allowance& allowance, TimePoint now) = 0;
};

// Who numbers a stream's packets.
enum class Numbering : std::uint8_t {
  bySource,
  asTheyLeave,  // media, and parity if that is in the stream itself
};

// A stream of video that a session sends.
class Source {
 public:
  virtual ~Source() = default;
  virtual void onKeyFrameRequest(std::uint8_t stream, TimePoint now) = 0;
  // Its packet leaves; `waited` in the pacer.
  virtual void onSent(const Packet& packet, Duration waited, TimePoint now) = 0;
  // A copy was lost by the network.
  virtual void onLost(const Packet& packet) = 0;
};

// A stream of video that comes to a session.
class Receiver {
 public:
  virtual ~Receiver() = default;
  virtual void onPacket(const Packet& packet, TimePoint sent, TimePoint now) = 0;
  virtual void onRoundTrip(Duration roundTrip, TimePoint now) = 0;
};

class Session : public fabric::LaneClient {
 public:
  struct Setup {
    std::unique_ptr<congestion::Controller> controller;
    std::uint32_t draws = 0;         // fabric::Packet::stream of its media
    std::uint32_t controlDraws = 0;  // and of its RTCP
    std::uint64_t random = 0;        // which of the random streams of RTCP
    DataRate audio;                  // that its sound takes, with the headers of IP and UDP
  };
  Session(path::Transit& transit, Setup setup);
  ~Session() override;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // ---- building
  // The two ends know each other's packets by their numbers. Both must outlive all packets.
  void connect(Session& other) { other_ = &other; }
  // A stream has the number that its source is given; what comes has the other end's.
  std::uint8_t addSource(Source& source, Numbering numbering = Numbering::bySource);
  void setRateListener(RateListener& listener) { rates_ = &listener; }
  void setReceiver(std::uint8_t stream, Receiver& receiver);
  // All that is sent from now on takes this path.
  void setPath(const path::Path& path);

  // ---- running
  void start(TimePoint now, TimePoint last);
  void stop(TimePoint now) { last_ = now; }
  // Of a source: it leaves when the pacer lets it.
  void send(const Packet& packet, TimePoint now);
  // What the sources need or can use has changed.
  void demandChanged(TimePoint now);
  // Of receivers: what the other end sent of a stream as this number, and parity gives back; null
  // if it does not remember it.
  const Packet* original(std::uint8_t stream, std::int64_t sequence) const {
    return other_->sources_[stream].history.find(sequence);
  }
  // Of receivers: to be sent at once.
  void askAgain(std::uint8_t stream, const std::vector<std::int64_t>& sequences);
  void askKeyFrame(std::uint8_t stream);

  // A packet of sound leaves just now, with the next of its numbers; and has come, or is lost.
  void noteAudioSent(std::int64_t sequence, DataSize size, TimePoint now);
  void noteAudioArrival(std::int64_t sequence, TimePoint now);

  // ---- what came of it
  const congestion::Targets& targets() const { return controller_->targets(); }
  Duration roundTrip() const { return roundTrip_; }  // of RTCP; zero: not known yet
  Duration roundTripSum() const { return roundTripSum_; }
  std::int64_t roundTrips() const { return roundTrips_; }
  DataSize padding() const { return padding_; }  // sent so far

  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  enum class Timer : std::uint32_t { pacer, controller, feedback, report };

  // What comes of the other end's packets is told to this one.
  class MediaArrivals;
  class ControlArrivals;

  struct Outgoing {
    Source* source = nullptr;
    Numbering numbering = Numbering::bySource;
    std::int64_t next = 0;  // number
    History history;
  };
  // A packet on its way.
  struct Flying {
    Packet packet;
    TimePoint sent;
    bool gone = false;
  };

  void schedule(Timer timer, TimePoint at);
  void runPacer(TimePoint now);
  void schedulePacer(TimePoint now);
  void leave(Packet packet, Duration waited, TimePoint now);
  void pad(DataSize size, int cluster, TimePoint now);
  void applyTargets(TimePoint now);
  void sendFeedback(TimePoint now);
  void sendReport(TimePoint now);
  ControlMessage& newMessage(ControlMessage::Kind kind, std::uint32_t& slot);
  void sendMessage(std::uint32_t slot, DataSize size);

  void mediaArrived(std::int64_t sequence, TimePoint now);  // of the other end's
  void mediaLost(std::int64_t sequence);
  void noteArrival(std::int64_t number, TimePoint now);
  Flying& flying(std::int64_t sequence);
  void forget(std::int64_t sequence);
  void messageArrived(std::uint32_t slot, TimePoint now);  // of the other end's

  path::Transit& transit_;
  fabric::FabricSimulator& simulator_;
  std::unique_ptr<congestion::Controller> controller_;
  DataRate audio_;
  fabric::RandomStream random_;
  fabric::LaneId lane_;
  Session* other_ = nullptr;
  RateListener* rates_ = nullptr;
  std::unique_ptr<MediaArrivals> mediaEnd_;      // of what this end sends
  std::unique_ptr<ControlArrivals> controlEnd_;  // the same
  path::Flow media_, control_;
  std::vector<Outgoing> sources_;
  std::vector<Receiver*> receivers_;  // by stream; null: nobody is interested
  bool running_ = false;
  TimePoint last_;

  // Sending.
  pacing::Pacer pacer_;
  std::vector<Packet> queued_;  // by the pacer's tokens
  std::vector<std::uint32_t> freeQueued_;
  TimePoint pacerAt_ = TimePoint::max();
  SentPackets sent_;
  std::deque<Flying> flying_;
  std::int64_t firstFlying_ = 0;
  bool sending_ = false;                   // a packet is being handed to the network
  std::deque<std::int64_t> audioNumbers_;  // by sequence, from firstAudio_ on
  std::int64_t firstAudio_ = 0;
  DataSize padding_;
  Allowance told_;

  // Receiving.
  FeedbackCollector collector_;
  std::int64_t newest_ = -1, arrived_ = 0;  // number, and how many have come
  std::int64_t newestReported_ = -1, arrivedReported_ = 0;
  congestion::Feedback feedback_;  // kept for its memory

  // RTCP.
  std::vector<ControlMessage> messages_;
  std::vector<std::uint32_t> freeMessages_;
  bool heard_ = false;
  TimePoint heardSent_, heardAt_;
  Duration roundTrip_, roundTripSum_;
  std::int64_t roundTrips_ = 0;
};

}  // namespace callflow::rtp
