#include "validation/wifi_study.h"

#include <fmt/format.h>
#include <ns3/rng-seed-manager.h>
#include <ns3/simulator.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>

#include "models/fabric/fabric.h"
#include "models/fabric/ns3_time.h"
#include "models/fabric/random.h"
#include "models/wifi/box.h"
#include "validation/csv.h"
#include "validation/delays.h"

namespace callflow::validation {
namespace {

constexpr int kHeaders = 28;  // of UDP and IP
constexpr Duration kWarmUp = Duration::s(2);
constexpr Duration kBetweenPackets = Duration::ms(20);
constexpr std::uint16_t kPort = 5'004;
// ns-3's queues hold 500 packets.
constexpr DataSize kQueue = DataSize::bytes(500 * 1500);

wifi::Standard standardOf(const std::string& name) {
  static const std::map<std::string, wifi::Standard> kAll{
      {"802.11b", wifi::Standard::b},   {"802.11g", wifi::Standard::g},
      {"802.11a", wifi::Standard::a},   {"802.11n", wifi::Standard::n},
      {"802.11ac", wifi::Standard::ac}, {"802.11ax", wifi::Standard::ax}};
  return kAll.at(name);
}

std::uint8_t dscpOf(const std::string& category) {
  if (category == "VO") return 46;
  if (category == "VI") return 34;
  return category == "BK" ? 8 : 0;
}

wifi::Wifi networkOf(const WifiCondition& condition) {
  wifi::Wifi made;
  made.band = condition.low ? wifi::Band::ghz2 : wifi::Band::ghz5;
  made.standard = standardOf(condition.standard);
  made.rate = condition.rate;
  made.frameLoss = Ratio::fromDouble(condition.frameLoss);
  made.encrypted = false;
  made.aggregation = condition.aggregates;
  made.discipline = shaper::Discipline::fifo;
  made.queue = kQueue;
  if (condition.others == 0) return made;
  wifi::Stations others;
  others.count = condition.others;
  others.packet = DataSize::bytes(condition.otherPayload + kHeaders);
  const double share = static_cast<double>(others.packet.count()) / condition.otherPayload;
  others.up = condition.otherRate > 0
                  ? DataRate::bitsPerSecond(std::llround(condition.otherRate * share))
                  : DataRate::unlimited();
  made.stations = {others};
  return made;
}

// Each call is a computer that sends through the access point to the wire, which sends as much.
class Experiment : public fabric::LaneClient {
 public:
  explicit Experiment(const WifiCondition& condition)
      : condition_(condition),
        fabric_(session_.simulator()),
        lane_(session_.simulator().addLane(*this, 0)),
        up_(*this, 0),
        down_(*this, 1) {
    const fabric::NodeId ap = fabric_.addNode("ap");
    wire_ = fabric_.addNode("wire");
    const fabric::LinkId out = fabric_.addLink(ap, wire_, {}, "out", fabric::Side::inside);
    const fabric::LinkId in = fabric_.addLink(wire_, ap, {}, "in", fabric::Side::outside);
    fabric_.bind(wire_, fabric::Protocol::udp, kPort, &up_);
    fabric::BoxPlace place;
    place.name = "ap";
    for (int i = 0; i < condition.calls; ++i) {
      const std::string name = "computer " + std::to_string(i);
      const fabric::NodeId node = fabric_.addNode(name);
      const fabric::LinkId there =
          fabric_.addLink(node, ap, {}, name + " up", fabric::Side::inside);
      const fabric::LinkId back =
          fabric_.addLink(ap, node, {}, name + " down", fabric::Side::outside);
      fabric_.setRoute(node, kWire, fabric_.addRoute(std::array{there, out}));
      fabric_.setRoute(wire_, addressOf(i), fabric_.addRoute(std::array{in, back}));
      fabric_.bind(node, fabric::Protocol::udp, kPort, &down_);
      place.hosts.push_back({name, addressOf(i)});
      nodes_.push_back(node);
    }
    box_ = std::make_unique<wifi::WifiBox>(networkOf(condition), place);
    fabric_.setBox(ap, box_.get());
    box_->start(TimePoint{});
    for (std::uint32_t flow = 0; flow < 2 * nodes_.size(); ++flow) sendLater(flow);
  }

  WifiFigures run() {
    const Duration measured = Duration::fromSeconds(condition_.seconds);
    ns3::Simulator::Stop(fabric::toNs3(kWarmUp));
    ns3::Simulator::Run();
    const DataSize before = box_->carriedForStations();
    ns3::Simulator::Stop(fabric::toNs3(measured));
    ns3::Simulator::Run();
    const std::int64_t carried = (box_->carriedForStations() - before).count();
    sends_ = false;
    ns3::Simulator::Stop(fabric::toNs3(Duration::s(1)));
    ns3::Simulator::Run();
    WifiFigures figures;
    if (condition_.others > 0)
      figures.throughput = static_cast<double>(carried) * 8 / condition_.seconds / 1e6 *
                           condition_.otherPayload / (condition_.otherPayload + kHeaders);
    take(up_, figures.upMean, figures.upP95, figures.upLoss);
    take(down_, figures.downMean, figures.downP95, figures.downLoss);
    ns3::Simulator::Destroy();
    return figures;
  }

  // Flows are numbered: up of the first computer, down to it, up of the second.
  void onRecord(std::uint32_t, std::uint32_t flow, TimePoint now) override {
    if (!sends_) return;
    const auto computer = flow / 2;
    const bool down = flow % 2 == 1;
    fabric::Packet packet;
    const fabric::Endpoint host{addressOf(static_cast<int>(computer)), kPort};
    const fabric::Endpoint wire{kWire, kPort};
    packet.setHeader({down ? wire : host, down ? host : wire, fabric::Protocol::udp});
    packet.size = static_cast<std::uint16_t>(condition_.audioPayload + kHeaders);
    packet.dscp = dscpOf(condition_.category) & wire::kLargestDscp;
    packet.stream = flow + 1;
    if (now >= TimePoint::at(kWarmUp)) ++(down ? down_ : up_).sent;
    fabric_.send(down ? wire_ : nodes_[computer], packet);
    sendLater(flow);
  }

 private:
  // A packet at a random time of each 20 ms: flows that met once would meet again and again else.
  void sendLater(std::uint32_t flow) {
    if (slots_.size() <= flow) slots_.resize(flow + 1);
    const TimePoint begin = TimePoint::at(kBetweenPackets * slots_[flow]++);
    const Duration within = Duration::fromSeconds(times_.uniform() * kBetweenPackets.seconds());
    session_.simulator().pushOutOfOrder(lane_, begin + within, flow);
  }

  static constexpr fabric::Ipv4 kWire = fabric::Ipv4::of(10, 1, 0, 1);
  static fabric::Ipv4 addressOf(int computer) {
    return fabric::Ipv4{fabric::Ipv4::of(10, 0, 0, 2).value + static_cast<std::uint32_t>(computer)};
  }

  struct Receiver : fabric::Sink {
    Receiver(Experiment&, int) {}
    void onPacket(fabric::PacketId, fabric::Packet& packet, TimePoint now) override {
      if (packet.sent() >= TimePoint::at(kWarmUp))
        delays.push_back((now - packet.sent()).milliseconds());
    }
    std::int64_t sent = 0;
    std::vector<double> delays;
  };

  static void take(Receiver& of, double& mean, double& p95, double& loss) {
    if (of.sent == 0 || of.delays.empty()) return;
    double sum = 0;
    for (const double each : of.delays) sum += each;
    std::sort(of.delays.begin(), of.delays.end());
    mean = sum / static_cast<double>(of.delays.size());
    p95 = rankPercentile(of.delays, 0.95);
    loss = 1 - static_cast<double>(of.delays.size()) / static_cast<double>(of.sent);
  }

  const WifiCondition& condition_;
  fabric::SimulatorSession session_;
  fabric::Fabric fabric_;
  fabric::LaneId lane_;
  Receiver up_, down_;
  fabric::NodeId wire_{};
  std::vector<fabric::NodeId> nodes_;
  std::unique_ptr<wifi::WifiBox> box_;
  fabric::RandomStream times_{"times of packets"};
  std::vector<std::int64_t> slots_;  // of 20 ms, by flow
  bool sends_ = true;
};

constexpr std::array kFigures = {
    &WifiFigures::throughput, &WifiFigures::upMean,  &WifiFigures::upP95,   &WifiFigures::upLoss,
    &WifiFigures::downMean,   &WifiFigures::downP95, &WifiFigures::downLoss};

// ns-3's names of modes, as far as the file has them.
DataRate rateOf(const std::string& mode, double width, const std::string& place) {
  static const std::map<std::pair<std::string, int>, DataRate> kAll{
      {{"DsssRate11Mbps", 20}, DataRate::mbps(11)}, {{"ErpOfdmRate54Mbps", 20}, DataRate::mbps(54)},
      {{"OfdmRate54Mbps", 20}, DataRate::mbps(54)}, {{"HtMcs7", 20}, DataRate::mbps(65)},
      {{"VhtMcs4", 80}, DataRate::kbps(175'500)},   {{"VhtMcs9", 80}, DataRate::mbps(390)}};
  const auto found = kAll.find({mode, static_cast<int>(width)});
  if (found == kAll.end()) throw InputError(place + ": no rate is known for mode " + mode);
  return found->second;
}

}  // namespace

std::string WifiCondition::inWords() const {
  std::string text = standard;
  if (aggregates && (standard == "802.11n" || standard == "802.11ac")) text += " aggregated";
  if (others > 0) {
    text += fmt::format(", {} x {}", others,
                        otherRate > 0 ? fmt::format("{:.1f} Mbit/s", otherRate / 1e6) : "all");
    text += fmt::format(" of {} B", otherPayload);
  }
  if (calls > 0) text += fmt::format(", {} calls {}", calls, category);
  if (frameLoss > 0) text += fmt::format(", {:.0f} % of frames lost", frameLoss * 100);
  return text;
}

std::vector<WifiRow> readWifi(const std::string& path) {
  const CsvFile file(path);
  std::vector<WifiRow> rows;
  for (std::size_t i = 0; i < file.rows(); ++i) {
    WifiRow& row = rows.emplace_back();
    WifiCondition& c = row.condition;
    const auto whole = [&](const char* column) { return static_cast<int>(file.number(i, column)); };
    c.standard = file.text(i, "standard");
    c.rate = rateOf(file.text(i, "dataMode"), file.number(i, "width"), file.place(i));
    c.low = file.number(i, "band") < 3;
    c.others = whole("others");
    c.otherRate = file.number(i, "otherRate");
    c.otherPayload = whole("otherPayload");
    c.category = file.text(i, "audioCategory");
    c.calls = whole("calls");
    c.audioPayload = whole("audioPayload");
    c.frameLoss = file.number(i, "frameErrorRate");
    c.seconds = file.number(i, "seconds");
    c.aggregates = whole("aggregate") != 0;
    row.ns3 = {file.number(i, "otherThroughput") / 1e6,
               file.number(i, "upMean") * 1e3,
               file.number(i, "upP95") * 1e3,
               file.number(i, "upLoss"),
               file.number(i, "downMean") * 1e3,
               file.number(i, "downP95") * 1e3,
               file.number(i, "downLoss")};
  }
  return rows;
}

WifiFigures simulateWifi(const WifiCondition& condition, int seeds) {
  WifiFigures mean;
  for (int seed = 1; seed <= seeds; ++seed) {
    ns3::RngSeedManager::SetSeed(1);
    ns3::RngSeedManager::SetRun(static_cast<std::uint64_t>(seed));
    Experiment experiment(condition);
    const WifiFigures one = experiment.run();
    for (const auto figure : kFigures) mean.*figure += one.*figure / seeds;
  }
  return mean;
}

std::vector<WifiBar> wifiBars(const WifiCondition& condition) {
  std::vector<WifiBar> bars;
  if (condition.others > 0) bars.push_back({"throughput", &WifiFigures::throughput, 0.15, 0});
  if (condition.calls == 0) return bars;
  const std::array<WifiBar, 6> kOfCalls{{{"up mean", &WifiFigures::upMean, 0.15, 0},
                                         {"up p95", &WifiFigures::upP95, 0.15, 0},
                                         {"up loss", &WifiFigures::upLoss, 0.15, 0.005},
                                         {"down mean", &WifiFigures::downMean, 0.15, 0},
                                         {"down p95", &WifiFigures::downP95, 0.15, 0},
                                         {"down loss", &WifiFigures::downLoss, 0.15, 0.005}}};
  bars.insert(bars.end(), kOfCalls.begin(), kOfCalls.end());
  return bars;
}

bool met(const WifiBar& bar, const WifiFigures& ns3, const WifiFigures& simulated) {
  const double wanted = ns3.*bar.figure;
  return std::abs(simulated.*bar.figure - wanted) <= std::max(bar.relative * wanted, bar.absolute);
}

}  // namespace callflow::validation
