#include "models/rtp/session.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "models/path/leg.h"
#include "models/rtp/rtcp_sizes.h"
#include "models/wire/header_sizes.h"

namespace callflow::rtp {

namespace {

// libwebrtc: modules/rtp_rtcp/source/rtcp_sender.cc. Reports of video every second, or sooner:
// every 360/rate s, with the rate in kbit/s; each interval by a factor of 0.5 to 1.5, the first
// after half of that.
constexpr double kReportSeconds = 1, kReportShare = 360;
// video/rtp_video_stream_receiver2.cc asks in one message; RFC 4585 6.2.1: an entry names up to 17.
constexpr std::int64_t kNackReach = 16;
// What rates are counted with: IPv4 and UDP, whatever else carries them (libwebrtc:
// p2p_transport_channel.cc tells its senders no more).
constexpr DataSize kTransportOverhead = wire::kIpv4Header + wire::kUdpHeader;
// rtp_sender.cc: packets that are sent again as padding are at most so many times what was asked
// for, and at least this much must be; other padding comes in packets of 224 B of payload.
constexpr std::int64_t kMostOfPadding = 3;
constexpr DataSize kLeastRepeated = DataSize::bytes(50);
constexpr DataSize kPaddingPacket = DataSize::bytes(224 + 12 + 20 + 10);
// How many packets of sound are remembered by number: more than a minute's.
constexpr std::size_t kAudioRemembered = 4096;

std::int64_t nackEntries(const std::vector<std::int64_t>& sequences) {
  std::int64_t entries = 0, covered = -1;
  for (const std::int64_t sequence : sequences) {
    if (sequence <= covered) continue;
    ++entries;
    covered = sequence + kNackReach;
  }
  return entries;
}

}  // namespace

class Session::MediaArrivals : public path::FlowEnd {
 public:
  explicit MediaArrivals(Session& sender) : sender_(sender) {}
  void onArrival(path::FrameHandle handle, TimePoint now) override {
    const std::int64_t number = sender_.transit_[handle].sequence;
    sender_.transit_.release(handle);
    sender_.other_->mediaArrived(number, now);
  }
  void onLost(path::FrameHandle handle) override {
    sender_.mediaLost(sender_.transit_[handle].sequence);
  }

 private:
  Session& sender_;
};

class Session::ControlArrivals : public path::FlowEnd {
 public:
  explicit ControlArrivals(Session& sender) : sender_(sender) {}
  void onArrival(path::FrameHandle handle, TimePoint now) override {
    const auto slot = static_cast<std::uint32_t>(sender_.transit_[handle].sequence);
    sender_.transit_.release(handle);
    sender_.other_->messageArrived(slot, now);
    sender_.freeMessages_.push_back(slot);
  }
  void onLost(path::FrameHandle handle) override {
    sender_.freeMessages_.push_back(static_cast<std::uint32_t>(sender_.transit_[handle].sequence));
  }

 private:
  Session& sender_;
};

Session::Session(path::Transit& transit, Setup setup)
    : transit_(transit),
      simulator_(transit.fabric().simulator()),
      controller_(std::move(setup.controller)),
      audio_(setup.audio),
      random_("rtcp", setup.random),
      lane_(simulator_.addLane(*this, 0)),
      mediaEnd_(std::make_unique<MediaArrivals>(*this)),
      controlEnd_(std::make_unique<ControlArrivals>(*this)),
      pacer_(pacing::PacerParameters{.audioCounts = true}, simulator_.now()) {
  media_.end = mediaEnd_.get();
  media_.draws = setup.draws;
  control_.end = controlEnd_.get();
  control_.draws = setup.controlDraws;
  control_.media = false;
}

Session::~Session() = default;

std::uint8_t Session::addSource(Source& source, Numbering numbering) {
  Outgoing& stream = sources_.emplace_back();
  stream.source = &source;
  stream.numbering = numbering;
  return static_cast<std::uint8_t>(sources_.size() - 1);
}

void Session::setReceiver(std::uint8_t stream, Receiver& receiver) {
  if (receivers_.size() <= stream) receivers_.resize(stream + std::size_t{1});
  receivers_[stream] = &receiver;
}

void Session::setPath(const path::Path& path) {
  const bool another = media_.path != nullptr && media_.path != &path;
  media_.path = control_.path = &path;
  if (!running_ || !another) return;
  const TimePoint now = simulator_.now();
  controller_->onPathChanged(now);
  applyTargets(now);
}

void Session::schedule(Timer timer, TimePoint at) {
  simulator_.pushOutOfOrder(lane_, at, static_cast<std::uint32_t>(timer));
}

void Session::start(TimePoint now, TimePoint last) {
  running_ = true;
  last_ = last;
  demandChanged(now);
  schedule(Timer::controller, now + controller_->period());
  schedule(Timer::feedback, now + kFirstFeedbackInterval);
  schedule(Timer::report,
           now + Duration::fromSeconds(kReportSeconds / 2 * (0.5 + random_.uniform())));
}

void Session::onRecord(std::uint32_t, std::uint32_t payload, TimePoint now) {
  if (now >= last_) return;
  switch (static_cast<Timer>(payload)) {
    case Timer::pacer:
      if (now < pacerAt_) return;  // it was put off
      pacerAt_ = TimePoint::max();
      runPacer(now);
      return;
    case Timer::controller:
      controller_->onQueue(pacer_.queuedSize());
      controller_->process(now);
      applyTargets(now);
      schedule(Timer::controller, now + controller_->period());
      return;
    case Timer::feedback:
      if (!collector_.empty()) sendFeedback(now);
      schedule(Timer::feedback, now + feedbackInterval(targets().target));
      return;
    case Timer::report:
      sendReport(now);
      return;
  }
}

// ---- sending

void Session::demandChanged(TimePoint now) {
  congestion::Demand all;
  if (rates_ != nullptr) all = rates_->demand();
  all.least += audio_;
  all.most += audio_;
  controller_->onDemand(all, now);
  applyTargets(now);
}

void Session::applyTargets(TimePoint now) {
  const congestion::Targets& targets = controller_->targets();
  pacer_.setRates(targets.pacing, targets.padding, now);
  for (const congestion::Probe& probe : controller_->takeProbes()) pacer_.addProbe(probe);
  // Sound comes first (libwebrtc: call/bitrate_allocator.cc).
  Allowance allowance;
  allowance.target = std::max(targets.target - audio_, DataRate{});
  allowance.encoderShare = targets.encoderShare;
  allowance.loss = Ratio::fromDouble(targets.loss);
  allowance.roundTrip = targets.roundTrip;
  if (rates_ != nullptr && allowance != told_) {
    told_ = allowance;
    rates_->onAllowance(allowance, now);
  }
  schedulePacer(now);
}

void Session::send(const Packet& packet, TimePoint now) {
  std::uint32_t token = 0;
  if (freeQueued_.empty()) {
    token = static_cast<std::uint32_t>(queued_.size());
    queued_.push_back(packet);
  } else {
    token = freeQueued_.back();
    freeQueued_.pop_back();
    queued_[token] = packet;
  }
  pacing::Outgoing waiting;
  waiting.token = token;
  waiting.size = packet.size + kTransportOverhead;
  waiting.stream = packet.stream + 1;  // 0 is sound
  waiting.priority = packet.kind == PacketKind::retransmission ? pacing::Priority::retransmission
                                                               : pacing::Priority::media;
  pacer_.queue(waiting, now);
  schedulePacer(now);
}

void Session::schedulePacer(TimePoint now) {
  if (!running_) return;
  const TimePoint next = std::max(pacer_.nextSendTime(), now);
  if (next >= pacerAt_) return;
  pacerAt_ = next;
  schedule(Timer::pacer, next);
}

void Session::runPacer(TimePoint now) {
  while (const auto out = pacer_.next(now)) {
    if (out->priority == pacing::Priority::padding) {
      pad(out->size, out->cluster, now);
      continue;
    }
    if (out->stream == 0) continue;  // sound, which has left
    Packet packet = queued_[out->token];
    freeQueued_.push_back(static_cast<std::uint32_t>(out->token));
    packet.cluster = out->cluster;
    leave(packet, now - out->queued, now);
  }
  schedulePacer(now);
}

void Session::pad(DataSize size, int cluster, TimePoint now) {
  DataSize left = size, sent;
  while (left > DataSize{}) {
    std::optional<Packet> packet;
    if (left >= kLeastRepeated) {
      for (const Outgoing& stream : sources_) {
        if (!packet) packet = stream.history.forPadding(left + size * (kMostOfPadding - 1));
      }
    }
    if (!packet) {
      packet.emplace();
      packet->kind = PacketKind::padding;
      packet->size = kPaddingPacket;
    }
    packet->fills = true;
    packet->cluster = cluster;
    left = left - std::min(left, packet->size);
    padding_ += packet->size;
    sent += packet->size + kTransportOverhead;
    leave(*packet, Duration{}, now);
  }
  pacer_.paddingSent(sent, now);
}

void Session::leave(Packet packet, Duration waited, TimePoint now) {
  Outgoing& stream = sources_[packet.stream];
  if (packet.kind == PacketKind::video ||
      (packet.kind == PacketKind::fec && packet.video.sequence != kNoNumber)) {
    if (stream.numbering == Numbering::asTheyLeave) packet.video.sequence = stream.next++;
    stream.history.add(packet, now);
  }
  const std::int64_t number = sent_.next();
  const congestion::SentPacket& sent =
      sent_.add(packet.size + kTransportOverhead, packet.cluster, false, now);
  flying_.push_back({packet, now, false});
  controller_->onSent(sent, sent_.inFlight());
  // A window that is full holds the next packet up.
  pacer_.setRates(targets().pacing, targets().padding, now);
  stream.source->onSent(packet, waited, now);
  sending_ = true;
  transit_.send(media_, number, packet.size);
  sending_ = false;
}

void Session::noteAudioSent(std::int64_t sequence, DataSize size, TimePoint now) {
  if (audioNumbers_.empty()) firstAudio_ = sequence;
  audioNumbers_.push_back(sent_.next());
  if (audioNumbers_.size() > kAudioRemembered) {
    audioNumbers_.pop_front();
    ++firstAudio_;
  }
  const congestion::SentPacket& sent =
      sent_.add(size + kTransportOverhead, congestion::kNoCluster, true, now);
  flying_.push_back({{}, now, true});
  controller_->onSent(sent, sent_.inFlight());
  // The pacer lets it go at once; for what follows it counts.
  pacing::Outgoing sound;
  sound.size = size + kTransportOverhead;
  sound.priority = pacing::Priority::audio;
  pacer_.queue(sound, now);
  runPacer(now);
}

void Session::noteAudioArrival(std::int64_t sequence, TimePoint now) {
  const std::int64_t place = sequence - other_->firstAudio_;
  if (place < 0 || place >= static_cast<std::int64_t>(other_->audioNumbers_.size())) return;
  noteArrival(other_->audioNumbers_[static_cast<std::size_t>(place)], now);
}

Session::Flying& Session::flying(std::int64_t number) {
  return flying_[static_cast<std::size_t>(number - firstFlying_)];
}

void Session::forget(std::int64_t number) {
  flying(number).gone = true;
  while (!flying_.empty() && flying_.front().gone) {
    flying_.pop_front();
    ++firstFlying_;
  }
}

void Session::mediaLost(std::int64_t number) {
  const Packet packet = flying(number).packet;
  // Of what finds no room before a TCP socket it is never said that it was sent (libwebrtc:
  // async_stun_tcp_socket.cc), so that no message can tell of it.
  if (sending_ && !media_.path->legs.empty() && media_.path->legs.front()->overTcp())
    sent_.withdraw(number);
  sources_[packet.stream].source->onLost(packet);
  forget(number);
}

// ---- receiving

void Session::noteArrival(std::int64_t number, TimePoint now) {
  collector_.onPacket(number, now);
  newest_ = std::max(newest_, number);
  ++arrived_;
}

void Session::mediaArrived(std::int64_t number, TimePoint now) {
  const Flying& arrived = other_->flying(number);
  const Packet packet = arrived.packet;
  const TimePoint sent = arrived.sent;
  other_->forget(number);
  if (now >= last_) return;
  noteArrival(number, now);
  if (packet.kind == PacketKind::padding) return;
  if (packet.stream < receivers_.size() && receivers_[packet.stream] != nullptr)
    receivers_[packet.stream]->onPacket(packet, sent, now);
}

// ---- RTCP

ControlMessage& Session::newMessage(ControlMessage::Kind kind, std::uint32_t& slot) {
  if (freeMessages_.empty()) {
    slot = static_cast<std::uint32_t>(messages_.size());
    messages_.emplace_back();
  } else {
    slot = freeMessages_.back();
    freeMessages_.pop_back();
  }
  messages_[slot].kind = kind;
  return messages_[slot];
}

void Session::sendMessage(std::uint32_t slot, DataSize size) {
  transit_.send(control_, slot, size);
}

void Session::sendFeedback(TimePoint) {
  std::uint32_t slot = 0;
  ControlMessage& message = newMessage(ControlMessage::Kind::feedback, slot);
  collector_.fill(message.feedback);
  sendMessage(slot, message.feedback.size);
}

void Session::askAgain(std::uint8_t stream, const std::vector<std::int64_t>& sequences) {
  std::uint32_t slot = 0;
  ControlMessage& message = newMessage(ControlMessage::Kind::nack, slot);
  message.stream = stream;
  message.sequences = sequences;
  sendMessage(slot, nackSize(nackEntries(sequences)));
}

void Session::askKeyFrame(std::uint8_t stream) {
  std::uint32_t slot = 0;
  newMessage(ControlMessage::Kind::pictureLoss, slot).stream = stream;
  sendMessage(slot, pictureLossSize());
}

void Session::sendReport(TimePoint now) {
  std::uint32_t slot = 0;
  ControlMessage& message = newMessage(ControlMessage::Kind::report, slot);
  message.sent = now;
  message.echoes = heard_;
  message.lastReport = heardSent_;
  message.since = now - heardAt_;
  // Streams have blocks of their own; who gets them sums them up (libwebrtc:
  // rtp_transport_controller_send.cc).
  message.expected = newest_ - newestReported_;
  message.lost = std::max<std::int64_t>(0, message.expected - (arrived_ - arrivedReported_));
  newestReported_ = newest_;
  arrivedReported_ = arrived_;
  const auto streams = static_cast<std::int64_t>(receivers_.size());
  sendMessage(slot, DataSize::bytes(kSenderReport + kReportBlock * streams + kSdes + kSrtcp));
  const double kbps = std::max(static_cast<double>(targets().target.count()) / 1000, 1.0);
  const double seconds = std::min(kReportSeconds, kReportShare / kbps) * (0.5 + random_.uniform());
  schedule(Timer::report, now + Duration::fromSeconds(seconds));
}

void Session::messageArrived(std::uint32_t slot, TimePoint now) {
  if (now >= last_) return;
  const ControlMessage& message = other_->messages_[slot];
  switch (message.kind) {
    case ControlMessage::Kind::feedback:
      sent_.apply(message.feedback, now, feedback_);
      if (feedback_.packets.empty()) return;
      controller_->onFeedback(feedback_);
      applyTargets(now);
      return;
    case ControlMessage::Kind::nack:
      for (const std::int64_t sequence : message.sequences)
        if (const auto packet = sources_[message.stream].history.again(sequence, now))
          send(*packet, now);
      return;
    case ControlMessage::Kind::pictureLoss:
      sources_[message.stream].source->onKeyFrameRequest(message.stream, now);
      return;
    case ControlMessage::Kind::report:
      heard_ = true;
      heardSent_ = message.sent;
      heardAt_ = now;
      if (message.expected > 0) controller_->onLoss(message.lost, message.expected, now);
      if (!message.echoes) return;
      roundTrip_ = now - message.lastReport - message.since;  // RFC 3550 6.4.1
      roundTripSum_ += roundTrip_;
      ++roundTrips_;
      controller_->onRoundTrip(roundTrip_, now);
      for (Outgoing& stream : sources_) stream.history.onRoundTrip(roundTrip_);
      for (Receiver* const receiver : receivers_)
        if (receiver != nullptr) receiver->onRoundTrip(roundTrip_, now);
      applyTargets(now);
      return;
  }
}

}  // namespace callflow::rtp
