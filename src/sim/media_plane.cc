#include "src/sim/media_plane.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "models/media/wire.h"
#include "models/relay/framing.h"

namespace callflow::sim {

void MediaPlane::send(FlowIndex index, std::int64_t sequence, const media::AudioPacket& packet) {
  const FlowRun& run = flow(static_cast<std::uint32_t>(index));
  const auto kind = packet.comfortNoise ? receiver::FrameKind::comfortNoise
                    : packet.quiet      ? receiver::FrameKind::quiet
                                        : receiver::FrameKind::speech;
  for (const StreamIndex i : run.streams) {
    stream(i).meter->sent(sequence, now(), packet.size, kind);
  }
  const FrameHandle handle = frames_.add();
  Frame& frame = frames_[handle];
  frame.flow = static_cast<std::uint32_t>(index);
  frame.sequence = sequence;
  frame.size = packet.size;
  frame.carriesPrevious = packet.carriesPrevious;
  sendOnLeg(handle);
}

void MediaPlane::sendControl(FlowIndex index, std::int64_t token, DataSize size) {
  const FrameHandle handle = frames_.add();
  Frame& frame = frames_[handle];
  frame.flow = static_cast<std::uint32_t>(index);
  frame.sequence = token;
  frame.size = size;
  frame.carriesPrevious = false;
  sendOnLeg(handle);
}

void MediaPlane::sendOnLeg(FrameHandle handle) {
  Frame& frame = frames_[handle];
  const FlowRun& run = flow(frame.flow);
  const LegRun& on = leg(run.legs[frame.leg]);
  if (on.plan->transport == explain::Transport::tcp) {
    sendOnTcp(handle, on, now());
    return;
  }
  if (trace_) {
    metrics::LegCrossing crossing;
    crossing.leg = static_cast<std::int32_t>(frame.leg);
    crossing.sent = now();
    frame.crossings.push_back(std::move(crossing));
  }
  fabric::Packet packet;
  packet.setHeader({on.source, on.destination, fabric::Protocol::udp});
  packet.size = static_cast<std::uint16_t>(media::ipSize(on.framing, frame.size).count());
  if (run.control == nullptr) {
    packet.flags = fabric::packet_flag::kMedia | fabric::packet_flag::kNewData;
  }
  packet.stream = run.draws;
  packet.sequence = static_cast<std::uint32_t>(frame.sequence);
  packet.payload = handle;
  // Last, because the frame is gone if the packet is dropped at once.
  network_.fabric().send(on.from, packet);
}

void MediaPlane::sendOnTcp(FrameHandle handle, const LegRun& on, TimePoint since) {
  if (on.stream == nullptr) throw std::logic_error("media was sent on a leg that is not open");
  frames_[handle].parts[receiver::DelayCause::sendWait] += now() - since;
  if (on.stream->send(on.end, media::messageSize(on.framing, frames_[handle].size), handle,
                      now()) == SecuredStream::Sent::dropped) {
    dropAtSocket(handle, on);
  }
}

void MediaPlane::dropAtSocket(FrameHandle handle, const LegRun& on) {
  if (trace_) {
    metrics::LegCrossing crossing;
    crossing.leg = static_cast<std::int32_t>(frames_[handle].leg);
    crossing.sent = now();
    crossing.lostAt = network_.graph().element(on.plan->from).name + " socket";
    frames_[handle].crossings.push_back(std::move(crossing));
  }
  lose(handle);
}

void MediaPlane::onEstablished(const transport::Stream& stream) {
  if (const auto tunnel = tunnels_.find(&stream); tunnel != tunnels_.end()) {
    tunnel->second->tunnelReady();
  }
  SecuredStream& secured = *connections_[numbers_.at(&stream)].secured;
  secured.connected();
  tellIfStanding(secured);
}

void MediaPlane::tellIfStanding(const SecuredStream& secured) {
  if (!secured.stands()) return;
  OpenHandler*& opener = connections_[numbers_.at(&secured.stream())].opener;
  if (opener == nullptr) return;
  std::exchange(opener, nullptr)->onStanding(now());
}

bool MediaPlane::stand(const std::vector<LegIndex>& legs) const {
  return std::all_of(legs.begin(), legs.end(), [&](LegIndex i) {
    const LegRun& run = legs_[static_cast<std::size_t>(i)];
    return run.plan->transport == explain::Transport::udp ||
           (run.stream != nullptr && run.stream->stands());
  });
}

void MediaPlane::removeFork(FlowIndex from, FlowIndex fork) {
  FlowRun& run = flow(static_cast<std::uint32_t>(from));
  std::erase(run.forks, fork);
  for (const StreamIndex end : flow(static_cast<std::uint32_t>(fork)).streams) {
    std::erase(run.streams, end);
  }
}

void MediaPlane::handshakeArrived(transport::MessageToken token) {
  SecuredStream& secured = *connections_[SecuredStream::streamOf(token)].secured;
  secured.flightArrived(token);
  if (const auto upstream = upstreams_.find(&secured);
      upstream != upstreams_.end() && !upstream->second->stream().established() &&
      secured.mayWrite(transport::End::server) && !secured.mayWrite(transport::End::client)) {
    upstream->second->open();
  }
  for (const transport::End from : {transport::End::client, transport::End::server}) {
    for (const SecuredStream::Held& held : secured.takeHeld(from)) {
      const Frame& frame = frames_[held.handle];
      sendOnTcp(held.handle, leg(flow(frame.flow).legs[frame.leg]), held.since);
    }
  }
  tellIfStanding(secured);
}

std::vector<metrics::BoxDrop> MediaPlane::socketDrops() const {
  std::vector<metrics::BoxDrop> result;
  for (const LegRun& run : legs_) {
    if (run.stream == nullptr || run.stream->dropped(run.end) == 0) continue;
    result.push_back({network_.graph().element(run.plan->from).name,
                      "the queue before its TCP socket is full", run.stream->dropped(run.end)});
  }
  return result;
}

void MediaPlane::absorb(Frame& frame, const fabric::Packet& carrier) {
  using fabric::DelayPart;
  using receiver::DelayCause;
  frame.parts[DelayCause::propagation] += carrier.spent(DelayPart::propagation);
  frame.parts[DelayCause::jitter] += carrier.spent(DelayPart::jitter);
  frame.parts[DelayCause::serialization] += carrier.spent(DelayPart::serialization);
  frame.parts[DelayCause::queueing] += carrier.spent(DelayPart::queueing);
  network_.fabric().forEachWait(carrier,
                                [&](const fabric::Wait& wait) { frame.waits.push_back(wait); });
}

void MediaPlane::onPacket(fabric::PacketId, fabric::Packet& packet, TimePoint now) {
  if (packet.payload == kNoFrame) return;
  Frame& frame = frames_[packet.payload];
  absorb(frame, packet);
  if (trace_) {
    frame.crossings.back().arrived = now;
    frame.crossings.back().delivered = now;
  }
  endOfLeg(packet.payload);
}

void MediaPlane::onArrival(transport::End, transport::MessageToken token, fabric::PacketId,
                           const fabric::Packet& carrier) {
  if (!SecuredStream::ownsToken(token)) absorb(frames_[token], carrier);
}

void MediaPlane::onDelivery(transport::End, const transport::Delivery& delivery) {
  using receiver::DelayCause;
  if (SecuredStream::ownsToken(delivery.token)) {
    handshakeArrived(delivery.token);
    return;
  }
  Frame& frame = frames_[delivery.token];
  frame.parts[DelayCause::sendWait] += delivery.firstTransmission - delivery.written;
  frame.parts[DelayCause::retransmission] += delivery.copySent - delivery.firstTransmission;
  frame.parts[DelayCause::headOfLine] += delivery.delivered - delivery.arrived;
  frame.copies = std::max(frame.copies, delivery.copies);
  for (metrics::LegCrossing& crossing : frame.crossings) {
    if (crossing.leg == static_cast<std::int32_t>(frame.leg) &&
        crossing.sent == delivery.copySent && crossing.arrived == delivery.arrived) {
      crossing.delivered = delivery.delivered;
    }
  }
  endOfLeg(delivery.token);
}

void MediaPlane::onCopy(transport::End, transport::MessageToken token,
                        const transport::Copy& copy) {
  if (SecuredStream::ownsToken(token)) return;
  Frame& frame = frames_[token];
  metrics::LegCrossing crossing;
  crossing.leg = static_cast<std::int32_t>(frame.leg);
  crossing.sent = copy.sent;
  crossing.arrived = copy.arrived;
  if (copy.drop != nullptr) crossing.lostAt = network_.place(*copy.drop);
  frame.crossings.push_back(std::move(crossing));
  std::int32_t number = 0;
  // In order of transmission, whichever was told first.
  std::stable_sort(frame.crossings.begin(), frame.crossings.end(),
                   [](const metrics::LegCrossing& a, const metrics::LegCrossing& b) {
                     return std::pair(a.leg, a.sent) < std::pair(b.leg, b.sent);
                   });
  for (metrics::LegCrossing& c : frame.crossings) {
    if (c.leg == static_cast<std::int32_t>(frame.leg)) c.copy = ++number;
  }
}

void MediaPlane::endOfLeg(FrameHandle handle) {
  Frame& frame = frames_[handle];
  const FlowRun& run = flow(frame.flow);
  if (frame.leg + 1 < run.legs.size()) {
    ++frame.leg;
    // A proxy passes bytes on; a relay works on each packet.
    const bool atProxy = startsAtProxy(leg(run.legs[frame.leg]));
    hold(handle, relayLane_, atProxy ? Duration{} : relayProcessing_);
    return;
  }
  if (run.end != FlowEnd::fork) {
    deliver(handle);
    return;
  }
  for (const FlowIndex fork : run.forks) {
    const FrameHandle copy = frames_.clone(handle);
    Frame& next = frames_[copy];
    next.flow = static_cast<std::uint32_t>(fork);
    next.leg = 0;
    // Legs are counted from the sender, so that a trace tells the whole way.
    for (metrics::LegCrossing& crossing : next.crossings)
      crossing.leg -= static_cast<std::int32_t>(run.legs.size());
    hold(copy, forkLane_, forkProcessing_);
  }
  frames_.release(handle);
}

void MediaPlane::hold(FrameHandle handle, fabric::LaneId lane, Duration time) {
  frames_[handle].parts[receiver::DelayCause::processing] += time;
  if (time == Duration{}) {
    sendOnLeg(handle);
  } else {
    network_.fabric().simulator().push(lane, now() + time, handle);
  }
}

void MediaPlane::onRecord(std::uint32_t, std::uint32_t payload, TimePoint) {
  sendOnLeg(payload);
}

void MediaPlane::deliver(FrameHandle handle) {
  const Frame& frame = frames_[handle];
  if (ControlHandler* const control = flow(frame.flow).control; control != nullptr) {
    const std::int64_t token = frame.sequence;
    frames_.release(handle);
    control->onControl(token, now());
    return;
  }
  const StreamIndex index = flow(frame.flow).streams.front();
  StreamRun& run = stream(index);
  queueing_.clear();
  for (const fabric::Wait& wait : frame.waits) {
    const auto at = std::find(run.links.begin(), run.links.end(), wait.link);
    queueing_.push_back({static_cast<std::size_t>(at - run.links.begin()), wait.time});
  }
  if (frame.carriesPrevious) {
    run.meter->receivedWithin(frame.sequence, frame.sequence - 1, now(), frame.parts, queueing_);
  }
  run.meter->received(frame.sequence, now(), frame.parts, queueing_, frame.copies);
  run.losses.received(frame.sequence);
  if (trace_) keepTrace(index, frame);
  frames_.release(handle);
}

void MediaPlane::onDrop(const fabric::Drop& drop) {
  if (drop.packet.protocol == fabric::Protocol::tcp) {
    tcp_.onDrop(drop);
    return;
  }
  const FrameHandle handle = drop.packet.payload;
  if (handle == kNoFrame) return;
  if (trace_) frames_[handle].crossings.back().lostAt = network_.place(drop);
  lose(handle);
}

void MediaPlane::lose(FrameHandle handle) {
  const Frame& frame = frames_[handle];
  for (const StreamIndex i : flow(frame.flow).streams) {
    stream(i).meter->dropped(frame.sequence);
    if (trace_) keepTrace(i, frame);
  }
  frames_.release(handle);
}

void MediaPlane::keepTrace(StreamIndex index, const Frame& frame) {
  StreamRun& run = stream(index);
  std::vector<metrics::LegCrossing> crossings = frame.crossings;
  // A fork's frames count the legs before the fork below zero.
  const auto before = static_cast<std::int32_t>(run.legs.size() - flow(frame.flow).legs.size());
  if (flow(frame.flow).end != FlowEnd::fork) {
    for (metrics::LegCrossing& crossing : crossings) crossing.leg += before;
  }
  run.crossings[frame.sequence] = std::move(crossings);
}

receiver::StreamReport MediaPlane::finish(StreamIndex index) {
  if (trace_) {
    frames_.forEach([&](const Frame& frame) {
      const FlowRun& run = flow(frame.flow);
      if (std::find(run.streams.begin(), run.streams.end(), index) != run.streams.end()) {
        keepTrace(index, frame);
      }
    });
  }
  return stream(index).meter->finish(network_.fabric().simulator().now());
}

std::int64_t MediaPlane::retransmissions(StreamIndex index) const {
  std::int64_t result = 0;
  for (const LegIndex i : stream(index).legs) {
    const LegRun& run = legs_[static_cast<std::size_t>(i)];
    if (run.stream != nullptr) result += run.stream->stream().counters(run.end).retransmissions;
  }
  return result;
}

const std::map<std::int64_t, std::vector<metrics::LegCrossing>>& MediaPlane::crossings(
    StreamIndex index) const {
  return stream(index).crossings;
}

const std::string& MediaPlane::queueingElement(StreamIndex index, std::size_t element) const {
  return network_.linkName(stream(index).links.at(element));
}

}  // namespace callflow::sim
