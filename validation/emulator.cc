#include "validation/emulator.h"

#include <ns3/rng-seed-manager.h>
#include <ns3/simulator.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <memory>
#include <stdexcept>

#include "models/fabric/fabric.h"
#include "models/fabric/ns3_time.h"
#include "models/fabric/random.h"
#include "models/transport/tcp_layer.h"
#include "validation/source.h"

namespace callflow::validation {
namespace {

using transport::End;

// What the measured hosts add to the emulator's delay: srtt_p50 is 20.05 ms over 2 x 10 ms, a
// packet takes 10.053 ms from write to read over TCP and 10.031 over UDP.
constexpr Duration hostOneWay = Duration::ns(22'500);
constexpr Duration tcpRead = Duration::ns(30'500);
constexpr Duration udpRead = Duration::ns(8'500);

constexpr Duration videoQueue = Duration::ms(100);
constexpr fabric::PacketCount burstPackets{3};
constexpr Duration burstTime = Duration::ms(60);

constexpr DataSize rfc4571Length = DataSize::bytes(2);
constexpr DataSize udpHeaders = DataSize::bytes(28);

// The kernel's timers tick every 4 ms, and how the media's clock lies to them differs from run to
// run: within a run of 50 ms each way all first retransmissions of single losses take the same
// time, between 128.1 and 131.8 ms from run to run.
constexpr Duration tick = Duration::ms(4);

// When the last packet has been sent, what is under way still arrives.
constexpr Duration longestDrain = Duration::s(600);

// Scripted losses are known to 0.1 ms, and what leaves at their time is meant.
constexpr Duration sameMoment = Duration::ms(1);

constexpr fabric::Endpoint clientEndpoint{fabric::Ipv4{0x0a000001}, 50'000};
constexpr fabric::Endpoint serverEndpoint{fabric::Ipv4{0x0a000002}, 443};

std::size_t index(End end) {
  return static_cast<std::size_t>(end);
}

DataRate bottleneck(const Condition& condition) {
  if (!condition.isVideo()) return DataRate::unlimited();
  std::int64_t kbps = 0;
  std::from_chars(condition.group.data() + 5, condition.group.data() + condition.group.size(),
                  kbps);
  return DataRate::kbps(kbps);
}

fabric::LossParameters losses(const Condition& condition, const std::optional<Ratio>& share) {
  fabric::LossParameters loss;
  loss.mean = share.value_or(condition.loss);
  if (condition.group == "ge") loss.burst = burstPackets;
  if (condition.group == "getime") loss.burst = burstTime;
  return loss;
}

transport::Tcp tcpSettings(const Experiment& experiment) {
  transport::Tcp parameters;
  if (experiment.model == Model::ns3) {
    parameters.model = transport::TcpModel::ns3;
    return parameters;
  }
  const Condition& condition = experiment.condition;
  if (condition.cc == "reno") parameters.congestion = transport::CongestionAlgorithm::reno;
  if (condition.cc == "bbr") parameters.congestion = transport::CongestionAlgorithm::bbr;
  if (condition.variant == "norack") parameters.recovery = transport::LossRecovery::duplicates;
  return parameters;
}

class Emulator : public fabric::Sink,
                 public fabric::DropObserver,
                 public fabric::LaneClient,
                 public fabric::Box,
                 public transport::StreamHandler {
 public:
  explicit Emulator(const Experiment& experiment)
      : experiment_(experiment),
        condition_(experiment.condition),
        fabric_(session_.simulator()),
        tcp_(fabric_) {
    nodes_ = {fabric_.addNode("client"), fabric_.addNode("server")};
    clean_.rate = bottleneck(condition_);
    clean_.delay = condition_.oneWayDelay + hostOneWay;
    if (condition_.isVideo()) clean_.queue = videoQueue;
    links_ = {fabric_.addLink(nodes_[0], nodes_[1], clean_, "forward"),
              fabric_.addLink(nodes_[1], nodes_[0], clean_, "back")};
    fabric_.setRoute(nodes_[0], serverEndpoint.address, fabric_.addRoute({&links_[0], 1}));
    fabric_.setRoute(nodes_[1], clientEndpoint.address, fabric_.addRoute({&links_[1], 1}));
    fabric_.addDropObserver(this);
    source_ =
        condition_.isVideo() ? videoSource(condition_.length) : audioSource(condition_.length);
    lanes_ = {session_.simulator().addLane(*this, 0), session_.simulator().addLane(*this, 1)};
    senders_ = condition_.variant == "bidir" ? 2 : 1;

    // The handshake crosses the empty link without loss; then the media begin.
    for (const fabric::LinkId link : links_) fabric_.expectChanges(link);
    fabric::RandomStream phase("media against the kernel's ticks");
    start_ = TimePoint::at(std::max(Duration::s(1), condition_.oneWayDelay * 6) +
                           Duration::fromSeconds(phase.uniform() * tick.seconds()));
    for (std::size_t flow = 0; flow < senders_; ++flow) {
      flows_[flow].fates.resize(source_.size());
      flows_[flow].traces.resize(source_.size());
      session_.simulator().push(lanes_[flow], start_, 0);
    }
    if (condition_.isTcp()) {
      tcp_.listen(nodes_[1], serverEndpoint.port);
      stream_ = &tcp_.connect({nodes_[0], clientEndpoint, 1}, {nodes_[1], serverEndpoint, 2},
                              tcpSettings(experiment_), *this);
      stream_->open();
    } else {
      fabric_.bind(nodes_[1], fabric::Protocol::udp, serverEndpoint.port, this);
    }
    if (experiment_.script != nullptr) fabric_.setBox(nodes_[1], this);
  }

  std::array<FlowResult, 2> run() {
    const TimePoint end = start_ + condition_.length + longestDrain;
    ns3::Simulator::Stop(fabric::toNs3(end.sinceStart()));
    ns3::Simulator::Run();
    std::array<FlowResult, 2> results;
    for (std::size_t flow = 0; flow < senders_; ++flow) results[flow] = resultOf(flow);
    return results;
  }

  // A packet of media is due.
  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override {
    if (now == start_ && payload == 0 && channel == 0 && experiment_.script == nullptr) {
      fabric::LinkParameters lossy = clean_;
      for (std::size_t i = 0; i < links_.size(); ++i) {
        lossy.loss = losses(condition_, experiment_.loss[i]);
        fabric_.setLinkParameters(links_[i], lossy);
      }
    }
    const MediaPacket& packet = source_[payload];
    PacketFate& fate = flows_[channel].fates[payload];
    fate = {packet.due, std::nullopt, packet.endsFrame, packet.frameStart};
    if (stream_ != nullptr) {
      stream_->send(channel == 0 ? End::client : End::server, packet.size + rfc4571Length, payload);
    } else {
      fabric::Packet out;
      out.setHeader({clientEndpoint, serverEndpoint, fabric::Protocol::udp});
      out.size = static_cast<std::uint16_t>((packet.size + udpHeaders).count());
      out.flags = fabric::packet_flag::kMedia | fabric::packet_flag::kNewData;
      out.stream = 1;
      out.payload = payload;
      fabric_.send(nodes_[0], out);
    }
    if (payload + 1 < source_.size()) {
      session_.simulator().push(lanes_[channel], start_ + source_[payload + 1].due, payload + 1);
    } else {
      ++finished_;
      stopWhenDone();
    }
  }

  // A datagram arrived.
  void onPacket(fabric::PacketId, fabric::Packet& packet, TimePoint now) override {
    flows_[0].fates[packet.payload].delivered = now + udpRead - start_;
  }

  void onDrop(const fabric::Drop& drop) override {
    const std::size_t flow = drop.link == links_[0] ? 0 : 1;
    ++(drop.cause == fabric::DropCause::queueFull ? flows_[flow].queueDrops : flows_[flow].lost);
  }

  // ---- transport::StreamHandler

  bool wantsCopies() const override { return true; }

  void onCopy(End from, transport::MessageToken token, const transport::Copy& copy) override {
    Flow& flow = flows_[index(from)];
    Trace& trace = flow.traces[token];
    const bool lost = copy.drop != nullptr;
    if (trace.copies++ == 0) {
      if (!lost) return;
      // Messages of one segment are told one after the other.
      if (flow.lastDrop != copy.drop->id || flow.lastDropAt != copy.sent) {
        flow.lastDrop = copy.drop->id;
        flow.lastDropAt = copy.sent;
        flow.losses.push_back({copy.sent - start_, Duration::max(), Duration::max(), 0});
        trace.loss = static_cast<std::int32_t>(flow.losses.size() - 1);
      }
      return;
    }
    if (trace.loss < 0) return;
    SegmentLoss& loss = flow.losses[static_cast<std::size_t>(trace.loss)];
    const Duration after = copy.sent - start_ - loss.when;
    loss.firstRetransmission = std::min(loss.firstRetransmission, after);
    if (loss.recovered == Duration::max()) ++loss.tries;
    if (!lost) loss.recovered = std::min(loss.recovered, after);
  }

  void onArrival(End, transport::MessageToken, fabric::PacketId, const fabric::Packet&) override {}

  void onDelivery(End at, const transport::Delivery& delivery) override {
    Flow& flow = flows_[index(transport::other(at))];
    flow.fates[delivery.token].delivered = delivery.delivered + tcpRead - start_;
    ++flow.deliveries;
    stopWhenDone();
  }

  // ---- fabric::Box: the script's losses

  fabric::BoxResult process(fabric::Packet& packet, fabric::Side, TimePoint) override {
    if (!packet.has(fabric::packet_flag::kMedia)) return {};
    const auto dropped = fabric::BoxResult{fabric::BoxResult::Action::drop, 0};
    if (!packet.has(fabric::packet_flag::kNewData)) {
      const auto found = scripted_.find(packet.sequence);
      if (found == scripted_.end() || found->second == 0) return {};
      --found->second;
      return dropped;
    }
    const std::vector<ScriptedLoss>& script = *experiment_.script;
    if (nextScripted_ == script.size()) return {};
    const ScriptedLoss& next = script[nextScripted_];
    if (packet.sent() - start_ + sameMoment < next.when) return {};
    ++nextScripted_;
    scripted_[packet.sequence] = next.copies - 1;
    return dropped;
  }

 private:
  struct Trace {
    std::int32_t copies = 0;  // known to have arrived or to be lost
    std::int32_t loss = -1;   // of Flow::losses
  };
  struct Flow {
    std::vector<PacketFate> fates;
    std::vector<Trace> traces;
    std::vector<SegmentLoss> losses;
    fabric::PacketId lastDrop = fabric::kNoPacket;
    TimePoint lastDropAt;
    std::size_t deliveries = 0;
    std::int64_t lost = 0;
    std::int64_t queueDrops = 0;
  };

  void stopWhenDone() {
    if (finished_ < senders_ || stream_ == nullptr) return;
    for (std::size_t flow = 0; flow < senders_; ++flow) {
      if (flows_[flow].deliveries < source_.size()) return;
    }
    ns3::Simulator::Stop();
  }

  std::int64_t dataSegments(End from) const {
    const transport::StreamCounters counters = stream_->counters(from);
    return counters.dataSegments + counters.retransmissions;
  }

  FlowResult resultOf(std::size_t index) {
    Flow& flow = flows_[index];
    FlowResult result;
    summarizeDelays(flow.fates, condition_.oneWayDelay, condition_.length, result.values);
    result.values[Column::net_lost] = static_cast<double>(flow.lost);
    result.values[Column::net_qdrop] = static_cast<double>(flow.queueDrops);
    if (stream_ == nullptr) return result;
    std::vector<LostSegment> recovered;
    for (const SegmentLoss& loss : flow.losses) {
      if (loss.recovered == Duration::max()) continue;
      recovered.push_back({loss.firstRetransmission, loss.recovered});
    }
    summarizeLosses(recovered, result.values);
    const transport::StreamCounters counters =
        stream_->counters(index == 0 ? End::client : End::server);
    result.values[Column::retx_segs] = static_cast<double>(counters.retransmissions);
    result.values[Column::RetransSegs] = result.values[Column::retx_segs];
    result.values[Column::data_segs] =
        static_cast<double>(counters.dataSegments + counters.retransmissions);
    if (experiment_.model == Model::linuxLike) {
      const transport::SenderCounters& kernel =
          transport::LinuxTcpLayer::sender(*stream_, index == 0 ? End::client : End::server)
              .counters();
      result.values[Column::RTOs] = static_cast<double>(kernel.timeouts);
      result.values[Column::TLP_probes] = static_cast<double>(kernel.probes);
      result.values[Column::FastRetrans] = static_cast<double>(kernel.fastRetransmissions);
    }
    result.values[Column::pure_acks_back] =
        static_cast<double>(fabric_.counters(links_[1 - index]).sent -
                            dataSegments(index == 0 ? End::server : End::client));
    derive(result.values);
    result.losses = std::move(flow.losses);
    return result;
  }

  const Experiment& experiment_;
  const Condition& condition_;
  fabric::SimulatorSession session_;
  fabric::Fabric fabric_;
  transport::TcpLayer tcp_;
  transport::Stream* stream_ = nullptr;
  std::array<fabric::NodeId, 2> nodes_{};
  std::array<fabric::LinkId, 2> links_{};
  std::array<fabric::LaneId, 2> lanes_{};
  fabric::LinkParameters clean_;
  std::vector<MediaPacket> source_;
  std::size_t senders_ = 1;
  std::size_t finished_ = 0;  // senders that have sent all
  TimePoint start_;
  std::array<Flow, 2> flows_;
  std::size_t nextScripted_ = 0;           // of Experiment::script
  std::map<std::uint32_t, int> scripted_;  // copies still to be dropped, by the segment's number
};

}  // namespace

bool offers(Model model, const Condition& condition) {
  if (!condition.isTcp()) return true;
  if (model == Model::ns3) return condition.cc == "cubic" && condition.variant != "norack";
  return true;
}

int longestBurst(std::uint64_t seed, Ratio loss, int packets) {
  ns3::RngSeedManager::SetSeed(1);
  ns3::RngSeedManager::SetRun(seed);
  // The random stream of the link "forward" when its first chain is set up.
  fabric::GilbertElliottInPackets chain(loss, burstPackets,
                                        fabric::RandomStream("forward loss bursts", 0));
  int longest = 0;
  int run = 0;
  for (int i = 0; i < packets; ++i) {
    run = chain.nextIsLost() ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

std::array<FlowResult, 2> simulate(const Experiment& experiment) {
  ns3::RngSeedManager::SetSeed(1);
  ns3::RngSeedManager::SetRun(experiment.seed);
  Emulator emulator(experiment);
  return emulator.run();
}

}  // namespace callflow::validation
