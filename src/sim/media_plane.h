// Everything that carries media in one run: legs, the flows that go over them, the meters at their
// ends.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "models/client/loss_report.h"
#include "models/fabric/fabric.h"
#include "models/fabric/timers.h"
#include "models/media/audio_sender.h"
#include "models/media/wire.h"
#include "models/receiver/stream_meter.h"
#include "models/transport/tcp_layer.h"
#include "src/explain/plan.h"
#include "src/metrics/run_record.h"
#include "src/sim/frames.h"
#include "src/sim/network.h"
#include "src/sim/secured_stream.h"
#include "src/topology/scenario.h"

namespace callflow::sim {

enum class LegIndex : std::uint32_t {};
enum class FlowIndex : std::uint32_t {};
enum class StreamIndex : std::uint32_t {};

// A leg of a plan, one direction, as media of one call uses it.
struct LegSpec {
  const explain::Leg* plan = nullptr;  // must outlive the media plane
  topology::Tcp tcp;
  topology::Transport transport;
  std::uint32_t draws = 0;  // fabric::Packet::stream of what it sends, for TCP
};

// Frames of one sender over a chain of legs, which ends at the meter of a stream or forks into
// further flows.
struct FlowSpec {
  std::vector<LegIndex> legs;
  std::uint32_t draws = 0;  // fabric::Packet::stream of its UDP packets
};

// Gets the control messages that have reached the end of their flow.
class ControlHandler {
 public:
  virtual ~ControlHandler() = default;
  virtual void onControl(std::int64_t token, TimePoint now) = 0;
};

// Is told when a connection of the legs that it opened stands; see MediaPlane::stand().
class OpenHandler {
 public:
  virtual ~OpenHandler() = default;
  virtual void onStanding(TimePoint now) = 0;
};

class MediaPlane : public fabric::Sink,
                   public fabric::DropObserver,
                   public fabric::LaneClient,
                   public transport::StreamHandler {
 public:
  // `relayProcessing` is spent between two legs of a flow, `forkProcessing` where a flow forks.
  MediaPlane(Network& network, Duration relayProcessing, Duration forkProcessing, bool trace);
  ~MediaPlane() override;

  // ---- building, before the simulation runs
  // The same leg of the same call is made once, however often it is asked for.
  LegIndex addLeg(const LegSpec& spec);
  StreamIndex addStream(const receiver::MeterConfig& meter, const std::vector<LegIndex>& legs);
  FlowIndex addFlow(const FlowSpec& spec, StreamIndex end);
  FlowIndex addFlow(const FlowSpec& spec, const std::vector<FlowIndex>& forks);
  // Of control messages: STUN, RTCP. `handler` must outlive the simulation.
  FlowIndex addFlow(const FlowSpec& spec, ControlHandler& handler);

  // ---- in the simulation
  // Opens these legs: walks their first packets through the boxes, connects what is TCP. Legs come
  // with their opposite directions. `handler` must outlive the simulation.
  void open(const std::vector<LegIndex>& legs, OpenHandler& handler);
  // Whether they have been opened and media may be sent on them both ways.
  bool stand(const std::vector<LegIndex>& legs) const;
  // A flow of `from` that forks goes there no more; nothing has been sent on it.
  void removeFork(FlowIndex from, FlowIndex fork);
  // One frame leaves its sender; its packet may have the frame before it as well.
  void send(FlowIndex flow, std::int64_t sequence, const media::AudioPacket& packet);
  // What a stream's receiver has to report.
  client::LossReporter& lossReporter(StreamIndex i) { return stream(i).losses; }
  void scoreFrom(StreamIndex i, TimePoint time) { stream(i).meter->scoreFrom(time); }

  // A message of so many bytes, beside the media; lost ones are not told.
  void sendControl(FlowIndex flow, std::int64_t token, DataSize size);

  // ---- when it is over
  // Settles a stream; each once. Frames on their way count as in flight.
  receiver::StreamReport finish(StreamIndex stream);
  // What the sockets' full queues dropped.
  std::vector<metrics::BoxDrop> socketDrops() const;
  // Segments sent again on the stream's legs.
  std::int64_t retransmissions(StreamIndex stream) const;
  // By sequence; traced runs only.
  const std::map<std::int64_t, std::vector<metrics::LegCrossing>>& crossings(
      StreamIndex stream) const;
  // What the elements of the stream's queueing parts are called.
  const std::string& queueingElement(StreamIndex stream, std::size_t element) const;

  void onPacket(fabric::PacketId id, fabric::Packet& packet, TimePoint now) override;
  void onDrop(const fabric::Drop& drop) override;
  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;
  void onEstablished(const transport::Stream& stream) override;
  bool wantsCopies() const override { return trace_; }
  void onCopy(transport::End from, transport::MessageToken token,
              const transport::Copy& copy) override;
  void onArrival(transport::End at, transport::MessageToken token, fabric::PacketId id,
                 const fabric::Packet& carrier) override;
  void onDelivery(transport::End at, const transport::Delivery& delivery) override;

 private:
  struct LegRun {
    const explain::Leg* plan = nullptr;
    fabric::NodeId from{}, to{};
    std::vector<fabric::LinkId> links;
    fabric::Endpoint source, destination;  // as packets are addressed; settled by open()
    media::Encapsulation framing{};
    SecuredStream* stream = nullptr;  // TCP
    transport::End end = transport::End::client;
    std::uint32_t draws = 0;
    topology::Tcp tcp;
    topology::Transport transport;
  };
  enum class FlowEnd : std::uint8_t { meter, fork, control };
  struct FlowRun {
    std::vector<LegIndex> legs;
    FlowEnd end = FlowEnd::meter;
    std::vector<FlowIndex> forks;      // none, if nobody but the sender is in the meeting
    std::vector<StreamIndex> streams;  // that its frames end in, through forks or not
    std::uint32_t draws = 0;
    ControlHandler* control = nullptr;  // of a flow of control messages
  };
  struct StreamRun {
    std::unique_ptr<receiver::StreamMeter> meter;
    client::LossReporter losses;
    std::vector<LegIndex> legs;
    std::vector<fabric::LinkId> links;  // where it may wait, leg after leg
    std::map<std::int64_t, std::vector<metrics::LegCrossing>> crossings;
  };
  LegRun& leg(LegIndex i) { return legs_[static_cast<std::size_t>(i)]; }
  FlowRun& flow(std::uint32_t i) { return flows_[i]; }
  StreamRun& stream(StreamIndex i) { return streams_[static_cast<std::size_t>(i)]; }
  const StreamRun& stream(StreamIndex i) const { return streams_[static_cast<std::size_t>(i)]; }
  TimePoint now() const { return network_.fabric().simulator().now(); }
  std::optional<LegIndex> opposite(LegIndex index) const;
  bool startsAtClient(const LegRun& leg) const;
  bool endsAtClient(const LegRun& leg) const;
  void openDirect(LegRun& forth, LegRun& back);
  void openToServer(LegRun& forth, LegRun& back);
  SecuredStream& connect(LegRun& forth, LegRun& back, OpenHandler& handler);
  void tellIfStanding(const SecuredStream& secured);
  bool startsAtProxy(const LegRun& leg) const;

  FlowIndex add(FlowRun run);
  void sendOnLeg(FrameHandle handle);
  void sendOnTcp(FrameHandle handle, const LegRun& on, TimePoint since);
  void dropAtSocket(FrameHandle handle, const LegRun& on);
  void handshakeArrived(transport::MessageToken token);
  void hold(FrameHandle handle, fabric::LaneId lane, Duration time);
  void absorb(Frame& frame, const fabric::Packet& carrier);
  void endOfLeg(FrameHandle handle);
  void deliver(FrameHandle handle);
  void lose(FrameHandle handle);
  void keepTrace(StreamIndex stream, const Frame& frame);

  Network& network_;
  transport::TcpLayer tcp_;
  Duration relayProcessing_, forkProcessing_;
  fabric::LaneId relayLane_, forkLane_;
  bool trace_;
  FramePool frames_;
  struct Connection {
    std::unique_ptr<SecuredStream> secured;
    OpenHandler* opener = nullptr;  // null once it has been told
  };
  std::vector<Connection> connections_;                      // by SecuredStream's number
  std::map<const transport::Stream*, std::size_t> numbers_;  // of them
  // Tunnels through proxies: the client's connection by the proxy's own.
  std::map<const transport::Stream*, SecuredStream*> tunnels_;
  std::map<const SecuredStream*, SecuredStream*> upstreams_;
  std::vector<LegRun> legs_;
  std::map<std::tuple<explain::Transport, fabric::Endpoint, fabric::Endpoint>, LegIndex>
      legBetween_;
  std::vector<FlowRun> flows_;
  std::vector<StreamRun> streams_;
  std::vector<receiver::QueueingAt> queueing_;  // kept for its memory
};

}  // namespace callflow::sim
