// All frames that are on their way in one run, and how they get from one end of a leg to the next.
#pragma once

#include <cstdint>

#include "models/fabric/fabric.h"
#include "models/media/wire.h"
#include "models/path/flow.h"
#include "models/path/frame.h"
#include "models/transport/stream.h"
#include "src/units/units.h"

namespace callflow::path {

class Transit;

// Whoever frames come to at the end of a leg: a client, a relay, a proxy, a media processor. It is
// the sink of its UDP packets.
class FrameSink : public fabric::Sink {
 public:
  explicit FrameSink(Transit& transit) : transit_(transit) {}
  virtual void onFrame(FrameHandle handle, TimePoint now) = 0;
  void onPacket(fabric::PacketId id, fabric::Packet& packet, TimePoint now) final;

 protected:
  Transit& transit() { return transit_; }

 private:
  Transit& transit_;
};

// What a server does with each frame before it goes on takes it some time.
class Processing : public fabric::LaneClient {
 public:
  // `place`: frames wait there meanwhile, as in a box that holds packets, and the time goes by its
  // name; none: it is the servers' processing.
  Processing(Transit& transit, Duration time, fabric::LinkId place = fabric::kNoLink);
  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 protected:
  void process(FrameHandle handle, TimePoint now);
  // It is done.
  virtual void onProcessed(FrameHandle handle) = 0;

 private:
  Transit& transit_;
  Duration time_;
  fabric::LinkId place_;
  fabric::LaneId lane_;
};

// Owns the drops of the packets that it sends (fabric::Packet::owner).
class Transit : public fabric::PacketOwner {
 public:
  // `traced`: frames remember each crossing of a leg.
  Transit(fabric::Fabric& fabric, bool traced);
  Transit(const Transit&) = delete;
  Transit& operator=(const Transit&) = delete;

  // A frame of so many bytes leaves for its flow's path.
  void send(const Flow& flow, std::int64_t sequence, DataSize size, bool carriesPrevious = false);
  // What one flow brought goes on as a frame of another as well, from here; it is not sent yet.
  FrameHandle copyTo(const Flow& flow, FrameHandle handle);
  // Sends it on the leg that it stands before.
  void sendOnLeg(FrameHandle handle);
  // The same of one that stands at the beginning of its path, which may lead nowhere.
  void sendOrLose(FrameHandle handle);
  // Whoever stands where it has come to does not take it: it is gone.
  void lose(FrameHandle handle);
  // From the end of a leg to the beginning of the next one of its path.
  void advance(FrameHandle handle) { ++frames_[handle].leg; }
  // Its packet or message has come to the end of its path: it is its flow's end's.
  void arrive(FrameHandle handle, TimePoint now) {
    frames_[handle].flow->end->onArrival(handle, now);
  }
  void release(FrameHandle handle) { frames_.release(handle); }
  Frame& operator[](FrameHandle handle) { return frames_[handle]; }
  // What lies behind a frame; as one to be added to.
  const Journey& journey(FrameHandle handle) const { return frames_.journey(handle); }
  Journey& ownJourney(FrameHandle handle) { return frames_.ownJourney(handle); }

  // The run is over: tells the ends of flows what is still on its way.
  void tellLeftOver();

  fabric::Fabric& fabric() { return fabric_; }
  TimePoint now() { return fabric_.simulator().now(); }
  bool traced() const { return traced_; }

  // Packets are going to be captured: senders remember from now on what they write into theirs.
  void capture() { captured_ = true; }
  bool captured() const { return captured_; }
  // What a frame is on a leg of this framing, over UDP or in the stream of its TCP connection.
  void writeMessage(FrameHandle handle, media::Encapsulation framing, wire::Bytes& bytes) const;

  // ---- for legs
  // Gives the frame the time that the packet which brought it has spent.
  void absorb(FrameHandle handle, const fabric::Packet& carrier);
  // The one that it is on.
  Leg& legOf(FrameHandle handle);
  // Its packet has left; traced runs only.
  Crossing& addCrossing(FrameHandle handle);
  // A copy of a TCP message that carries it has arrived or is lost.
  void addCopy(FrameHandle handle, const transport::Copy& copy);
  // It was dropped before the socket of a node, which was full.
  void dropAtSocket(FrameHandle handle, fabric::NodeId node);
  fabric::OwnerId owner() const { return owner_; }

  void onDrop(const fabric::Drop& drop) override;
  void writePayload(const fabric::Packet& packet, wire::Bytes& bytes) const override;

 private:
  friend class FrameSink;

  fabric::Fabric& fabric_;
  fabric::OwnerId owner_;
  bool traced_;
  bool captured_ = false;
  FramePool frames_;
};

}  // namespace callflow::path
