#include "validation/tunnel_study.h"

#include <ns3/rng-seed-manager.h>
#include <ns3/simulator.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "models/fabric/fabric.h"
#include "models/fabric/ns3_time.h"
#include "models/fabric/random.h"
#include "models/shaper/box.h"
#include "models/traffic/transfers.h"
#include "models/transport/tcp_layer.h"
#include "models/vpn/tunnel.h"
#include "validation/csv.h"
#include "validation/delays.h"
#include "validation/source.h"

namespace callflow::validation {
namespace {

using fabric::Endpoint;
using fabric::Ipv4;

constexpr Endpoint kMediaSource{Ipv4{0x0a000001}, 50'000};
constexpr Endpoint kMediaSink{Ipv4{0x0a000002}, 5'004};
constexpr Endpoint kTransferSource{Ipv4{0x0a000001}, 40'000};
constexpr Endpoint kTransferSink{Ipv4{0x0a000002}, 5'201};

// A media packet of 172 B in UDP and IP, and what OpenVPN makes of it: opcode and peer-id 4, packet
// id 4, tag 16, over UDP 28 of headers, over TCP a length of 2.
constexpr std::int64_t kDatagram = 172 + 28;
constexpr std::int64_t kTunnelHeader = 24;
constexpr std::int64_t kUdpHeaders = 28;
constexpr std::int64_t kLength = 2;  // RFC 4571, and OpenVPN's
constexpr std::uint16_t kTunnelPort = 1194;
constexpr Endpoint kTunnelClient{Ipv4{0xc0000201}, kTunnelPort};
constexpr Endpoint kTunnelGateway{Ipv4{0xc0000202}, kTunnelPort};

vpn::Vpn openVpn(const TunnelCondition& condition) {
  vpn::Vpn made;
  const bool tcp = condition.vpn == "openvpn-tcp";
  made.encapsulation.over = tcp ? vpn::Carriage::tcp : vpn::Carriage::udp;
  made.encapsulation.port = kTunnelPort;
  made.encapsulation.overhead = DataSize::bytes(kTunnelHeader + (tcp ? kLength : kUdpHeaders));
  made.encapsulation.block = DataSize::bytes(1);
  made.encapsulation.mtu = DataSize::bytes(1500);
  made.largestSegment = DataSize::bytes(1400);
  made.queue = DataSize::bytes(750'000);
  made.tcp.noDelay = condition.vpnNoDelay;
  return made;
}

// The measurement's own times: transfers begin at 5 s, `before` is what was sent in the first 4.5
// s, `beside` from 12 s on.
constexpr Duration kTransfersBegin = Duration::s(5);
constexpr Duration kBeforeEnds = Duration::ms(4500);
constexpr Duration kBesideBegins = Duration::s(12);
constexpr Duration kMedia = Duration::s(60);
constexpr Duration kMediaBesideTransfers = Duration::s(40);

// The handshakes are over by then.
constexpr Duration kStart = Duration::s(1);

class Experiment : public fabric::Sink, public fabric::LaneClient, public transport::StreamHandler {
 public:
  explicit Experiment(const TunnelCondition& condition)
      : condition_(condition),
        fabric_(session_.simulator()),
        tcp_(fabric_),
        lane_(session_.simulator().addLane(*this, 0)) {
    buildNetwork();
    source_ = audioSource(condition.transfers > 0 ? kMediaBesideTransfers : kMedia);
    fates_.resize(source_.size());
    fabric::RandomStream phase("media against all else");
    start_ = TimePoint::at(kStart + Duration::fromSeconds(phase.uniform() * 0.02));
    if (condition.mediaOverTcp) {
      tcp_.listen(sink_, kMediaSink.port);
      stream_ = &tcp_.connect({nodes_[0], kMediaSource, 1}, {sink_, kMediaSink, 2},
                              transport::Tcp{}, *this);
      stream_->open();
    } else {
      fabric_.bind(sink_, fabric::Protocol::udp, kMediaSink.port, this);
    }
    for (int i = 0; i < condition.transfers; ++i) addTransfer(i);
    session_.simulator().push(lane_, start_, 0);
  }

  std::vector<PacketFate> run() {
    ns3::Simulator::Stop(fabric::toNs3(start_ + source_.back().due + Duration::s(20)));
    ns3::Simulator::Run();
    ns3::Simulator::Destroy();
    return fates_;
  }

  void onRecord(std::uint32_t, std::uint32_t payload, TimePoint now) override {
    fates_[payload].sent = source_[payload].due;
    if (stream_ != nullptr) {
      const DataSize message = source_[payload].size + DataSize::bytes(kLength);
      stream_->send(transport::End::client, message, payload);
    } else {
      fabric::Packet packet;
      packet.setHeader({kMediaSource, kMediaSink, fabric::Protocol::udp});
      packet.size = static_cast<std::uint16_t>(kDatagram);
      packet.stream = 1;
      packet.flags = fabric::packet_flag::kMedia | fabric::packet_flag::kNewData;
      packet.sequence = payload;
      fabric_.send(nodes_[0], packet);
    }
    if (payload + 1 < source_.size())
      session_.simulator().push(lane_, start_ + source_[payload + 1].due, payload + 1);
    static_cast<void>(now);
  }
  void onPacket(fabric::PacketId, fabric::Packet& packet, TimePoint now) override {
    fates_[packet.sequence].delivered = now - start_;
  }
  void onArrival(transport::End, transport::MessageToken, fabric::PacketId,
                 const fabric::Packet&) override {}
  void onDelivery(transport::End, const transport::Delivery& delivery) override {
    fates_[delivery.token].delivered = delivery.delivered - start_;
  }

 private:
  // Host, router with a token bucket (Linux tbf, burst 3000 B), host; loss and delay behind it.
  void buildNetwork() {
    nodes_ = {fabric_.addNode("sender"), fabric_.addNode("router"), fabric_.addNode("receiver")};
    fabric::LinkParameters line;
    line.delay = condition_.oneWayDelay;
    line.loss.mean = condition_.loss;
    const fabric::LinkId toRouter = fabric_.addLink(nodes_[0], nodes_[1], {}, "to router");
    const fabric::LinkId forward = fabric_.addLink(nodes_[1], nodes_[2], line, "forward");
    const fabric::LinkId back = fabric_.addLink(nodes_[2], nodes_[0], line, "back");
    const bool inTunnel = !condition_.vpn.empty();
    sink_ = inTunnel ? fabric_.addNode("inside") : nodes_[2];
    fabric_.setRoute(nodes_[0], (inTunnel ? kTunnelGateway : kMediaSink).address,
                     fabric_.addRoute(std::array{toRouter, forward}));
    fabric_.setRoute(nodes_[2], (inTunnel ? kTunnelClient : kMediaSource).address,
                     fabric_.addRoute(std::array{back}));
    if (inTunnel) buildTunnel();
    if (!condition_.rate) return;
    constexpr DataSize kBurst = DataSize::bytes(3000);
    shaper::Shaping up;
    up.rate = *condition_.rate;
    up.burst = kBurst;
    up.queue = dataIn(*condition_.rate, condition_.queue) + kBurst;
    router_ = std::make_unique<shaper::ShaperBox>(shaper::Shaper{up, {}}, "router");
    fabric_.setBox(nodes_[1], router_.get());
  }

  void buildTunnel() {
    const fabric::LinkId up = fabric_.addLink(nodes_[0], sink_, {}, "tunnel");
    const fabric::LinkId down = fabric_.addLink(sink_, nodes_[0], {}, "tunnel back");
    fabric_.setRoute(nodes_[0], kMediaSink.address, fabric_.addRoute(std::array{up}));
    fabric_.setRoute(sink_, kMediaSource.address, fabric_.addRoute(std::array{down}));
    vpn_ = openVpn(condition_);
    const vpn::TunnelEnds ends{nodes_[0], nodes_[2], kTunnelClient, kTunnelGateway, up, down};
    tunnel_.emplace(fabric_, tcp_, vpn_, ends);
    if (vpn_.encapsulation.over == vpn::Carriage::tcp) tunnel_->connect();
  }

  void addTransfer(int number) {
    traffic::Ends ends;
    ends.from = nodes_[0];
    ends.to = nodes_[2];
    ends.source = {kTransferSource.address,
                   static_cast<std::uint16_t>(kTransferSource.port + number)};
    ends.destination = kTransferSink;
    ends.stream = static_cast<std::uint32_t>(10 + number);
    traffic::Transfer parameters;
    if (condition_.congestion == "bbr") parameters.congestion = transport::CongestionAlgorithm::bbr;
    const traffic::Period period{start_ + kTransfersBegin, start_ + source_.back().due};
    transfers_.push_back(std::make_unique<traffic::Transfers>(
        fabric_, tcp_, ends, transport::End::client, parameters, period,
        "transfer " + std::to_string(number)));
    traffic::Transfers& made = *transfers_.back();
    ns3::Simulator::Schedule(fabric::toNs3(period.begin.sinceStart()), [&made] { made.start(); });
  }

  const TunnelCondition& condition_;
  fabric::SimulatorSession session_;
  fabric::Fabric fabric_;
  transport::TcpLayer tcp_;
  fabric::LaneId lane_;
  std::array<fabric::NodeId, 3> nodes_{};
  fabric::NodeId sink_{};  // where media goes: the receiver, or what is behind the tunnel
  vpn::Vpn vpn_;
  std::optional<vpn::Tunnel> tunnel_;
  std::unique_ptr<shaper::ShaperBox> router_;
  std::vector<MediaPacket> source_;
  std::vector<PacketFate> fates_;
  TimePoint start_;
  transport::Stream* stream_ = nullptr;
  std::vector<std::unique_ptr<traffic::Transfers>> transfers_;
};

TunnelFigures figuresOf(const TunnelCondition& condition, const std::vector<PacketFate>& fates) {
  std::vector<double> delays;
  std::array<double, 3> late{};
  std::int64_t sent = 0;
  for (const PacketFate& each : fates) {
    if (condition.phase == "before" && each.sent >= kBeforeEnds) continue;
    if (condition.phase == "beside" && each.sent < kBesideBegins) continue;
    ++sent;
    if (!each.delivered) continue;
    delays.push_back((*each.delivered - each.sent).milliseconds());
    const double beyond = delays.back() - condition.oneWayDelay.milliseconds();
    constexpr std::array<double, 3> kLate{40, 100, 200};
    for (std::size_t i = 0; i < kLate.size(); ++i) late[i] += beyond > kLate[i] ? 1 : 0;
  }
  std::sort(delays.begin(), delays.end());
  const auto received = static_cast<double>(delays.size());
  return {rankPercentile(delays, 0.5),
          rankPercentile(delays, 0.9),
          rankPercentile(delays, 0.95),
          rankPercentile(delays, 0.99),
          1 - received / static_cast<double>(sent),
          late[0] / received,
          late[1] / received,
          late[2] / received};
}

}  // namespace

std::vector<TunnelRow> readTunnels(const std::string& path) {
  const CsvFile file(path);
  std::vector<TunnelRow> rows;
  for (std::size_t i = 0; i < file.rows(); ++i) {
    TunnelRow& row = rows.emplace_back();
    TunnelCondition& c = row.condition;
    c.id = file.text(i, "id");
    c.phase = file.text(i, "phase");
    c.mediaOverTcp = file.text(i, "media") == "tcp";
    c.vpn = file.text(i, "vpn");
    c.vpnNoDelay = file.number(i, "vpn_nodelay") > 0;
    c.oneWayDelay = Duration::fromSeconds(file.number(i, "owd_ms") / 1e3);
    c.loss = Ratio::fromDouble(file.number(i, "loss_pct") / 100);
    if (const double rate = file.number(i, "rate_kbps"); !std::isnan(rate)) {
      c.rate = DataRate::kbps(std::llround(rate));
      c.queue = Duration::fromSeconds(file.number(i, "queue_ms") / 1e3);
    }
    // "1 x cubic"
    const std::string& bulk = file.text(i, "bulk");
    if (!bulk.empty()) {
      const std::size_t times = bulk.find(" x ");
      if (times == std::string::npos)
        throw InputError(file.place(i) + ": bulk is \"" + bulk + "\", not \"1 x cubic\"");
      c.transfers = std::atoi(bulk.substr(0, times).c_str());
      c.congestion = bulk.substr(times + 3);
    }
    row.measured = {file.number(i, "delay_p50"), file.number(i, "delay_p90"),
                    file.number(i, "delay_p95"), file.number(i, "delay_p99"),
                    file.number(i, "loss_frac"), file.number(i, "late40"),
                    file.number(i, "late100"),   file.number(i, "late200")};
  }
  return rows;
}

TunnelFigures simulateTunnel(const TunnelCondition& condition, int seeds) {
  std::vector<TunnelFigures> runs;
  for (int seed = 1; seed <= seeds; ++seed) {
    ns3::RngSeedManager::SetSeed(1);
    ns3::RngSeedManager::SetRun(static_cast<std::uint64_t>(seed));
    Experiment experiment(condition);
    runs.push_back(figuresOf(condition, experiment.run()));
  }
  TunnelFigures middle;
  for (const TunnelBar& bar : tunnelBars()) {
    std::vector<double> values;
    for (const TunnelFigures& each : runs) values.push_back(each.*bar.figure);
    std::sort(values.begin(), values.end());
    middle.*bar.figure = values[values.size() / 2];
  }
  return middle;
}

const std::vector<TunnelBar>& tunnelBars() {
  static const std::vector<TunnelBar> kBars{
      {"p50", &TunnelFigures::p50, 0.10, 5},         {"p90", &TunnelFigures::p90, 0.10, 5},
      {"p95", &TunnelFigures::p95, 0.15, 10},        {"p99", &TunnelFigures::p99, 0.15, 10},
      {"loss", &TunnelFigures::loss, 0.15, 0.005},   {"late40", &TunnelFigures::late40, 0, 0.03},
      {"late100", &TunnelFigures::late100, 0, 0.03}, {"late200", &TunnelFigures::late200, 0, 0.03}};
  return kBars;
}

bool met(const TunnelBar& bar, const TunnelFigures& measured, const TunnelFigures& simulated) {
  const double wanted = measured.*bar.figure;
  return std::abs(simulated.*bar.figure - wanted) <= std::max(bar.relative * wanted, bar.absolute);
}

}  // namespace callflow::validation
