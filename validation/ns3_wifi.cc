#include "validation/ns3_wifi.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <vector>

#include <ns3/ampdu-subframe-header.h>
#include <ns3/boolean.h>
#include <ns3/config.h>
#include <ns3/double.h>
#include <ns3/error-model.h>
#include <ns3/internet-stack-helper.h>
#include <ns3/ipv4-address-generator.h>
#include <ns3/ipv4-address-helper.h>
#include <ns3/mobility-helper.h>
#include <ns3/neighbor-cache-helper.h>
#include <ns3/net-device-queue-interface.h>
#include <ns3/position-allocator.h>
#include <ns3/qos-txop.h>
#include <ns3/qos-utils.h>
#include <ns3/queue-item.h>
#include <ns3/random-variable-stream.h>
#include <ns3/rng-seed-manager.h>
#include <ns3/simulator.h>
#include <ns3/socket.h>
#include <ns3/ssid.h>
#include <ns3/sta-wifi-mac.h>
#include <ns3/string.h>
#include <ns3/traffic-control-helper.h>
#include <ns3/uinteger.h>
#include <ns3/wifi-mac-header.h>
#include <ns3/wifi-mac-queue.h>
#include <ns3/wifi-net-device.h>
#include <ns3/yans-wifi-helper.h>
#include <ns3/yans-wifi-phy.h>

#include "validation/ns3_wifi_traffic.h"

namespace callflow::validation {
namespace {

using namespace ns3wifi;

// Enough for the largest A-MPDU (64 MPDUs) with the next one forming behind it; more would stay so
// long in the queue that its life time of 500 ms would end.
constexpr std::uint32_t kSaturatedQueueAggregating = 100;
constexpr std::uint32_t kSaturatedQueue = 4;

ns3::WifiStandard standardOf(const std::string& name) {
  static const std::map<std::string, ns3::WifiStandard> known = {
      {"802.11a", ns3::WIFI_STANDARD_80211a},   {"802.11b", ns3::WIFI_STANDARD_80211b},
      {"802.11g", ns3::WIFI_STANDARD_80211g},   {"802.11n", ns3::WIFI_STANDARD_80211n},
      {"802.11ac", ns3::WIFI_STANDARD_80211ac}, {"802.11ax", ns3::WIFI_STANDARD_80211ax}};
  const auto found = known.find(name);
  if (found == known.end()) throw std::invalid_argument("unknown standard: " + name);
  return found->second;
}

// The user priority that 802.1D gives the category; DSCP does not come into it.
std::uint8_t userPriorityOf(const std::string& category) {
  static const std::map<std::string, std::uint8_t> known = {
      {"BK", 1}, {"BE", 0}, {"VI", 5}, {"VO", 6}};
  const auto found = known.find(category);
  if (found == known.end()) throw std::invalid_argument("unknown category: " + category);
  return found->second;
}

// Takes the place of ns3::SelectQueueByDSField(), which makes the user priority out of the DSCP.
std::size_t queueByPriority(ns3::Ptr<ns3::QueueItem> item) {
  ns3::SocketPriorityTag priority;
  const bool tagged = item->GetPacket()->PeekPacketTag(priority);
  return ns3::QosUtilsMapTidToAc(tagged ? priority.GetPriority() : 0);
}

bool aggregates(const WifiPoint& point) {
  return point.aggregate && standardOf(point.standard) >= ns3::WIFI_STANDARD_80211n;
}

// Loses data frames where they are received; control and management frames always pass.
class DataFrameErrors : public ns3::ErrorModel {
 public:
  DataFrameErrors(double rate, ns3::Mac48Address self, std::int64_t stream)
      : rate_(rate), self_(self), random_(ns3::CreateObject<ns3::UniformRandomVariable>()) {
    random_->SetStream(stream);
  }

 private:
  bool DoCorrupt(ns3::Ptr<ns3::Packet> packet) override {
    const ns3::WifiMacHeader header = headerOf(packet);
    return header.HasData() && header.GetAddr1() == self_ && random_->GetValue() < rate_;
  }

  void DoReset() override {}

  // A lone MPDU of VHT and HE comes inside its A-MPDU subframe. The delimiter's signature stands
  // where the high byte of Duration would, which is never that long with a TXOP limit of 0.
  static ns3::WifiMacHeader headerOf(ns3::Ptr<ns3::Packet> packet) {
    std::uint8_t start[4] = {};
    packet->CopyData(start, sizeof start);
    if (start[3] == 0x4E) {
      ns3::AmpduSubframeHeader delimiter;
      packet->RemoveHeader(delimiter);
    }
    ns3::WifiMacHeader header;
    packet->PeekHeader(header);
    return header;
  }

  double rate_;
  ns3::Mac48Address self_;
  ns3::Ptr<ns3::UniformRandomVariable> random_;
};

class Network {
 public:
  Network(const WifiPoint& point, unsigned seed) : point_(point) {
    resetGlobals(seed);
    nodes_.Create(static_cast<std::uint32_t>(1 + point.others + point.calls));
    installWifi();
    placeNodes();
    installInternet();
    addErrors();
    addContenders();
    addCalls();
    ns3::Simulator::Schedule(ns3::Seconds(kTrafficStart), &Network::prepareTraffic, this);
  }

  ~Network() { ns3::Simulator::Destroy(); }
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  WifiResult run() {
    const double drain = point_.calls > 0 ? kDrain : 0;
    ns3::Simulator::Stop(ns3::Seconds(kMeasureStart + point_.seconds + drain));
    ns3::Simulator::Run();
    if (!associated_) throw std::runtime_error("a station did not associate in time");
    return result();
  }

 private:
  // What ns-3 keeps for the whole process.
  static void resetGlobals(unsigned seed) {
    ns3::RngSeedManager::SetSeed(1);
    ns3::RngSeedManager::SetRun(seed);
    ns3::Ipv4AddressGenerator::Reset();
    ns3::Mac48Address::ResetAllocationIndex();
  }

  ns3::Ptr<ns3::Node> ap() const { return nodes_.Get(0); }
  ns3::Ptr<ns3::Node> other(int i) const { return nodes_.Get(static_cast<std::uint32_t>(1 + i)); }
  ns3::Ptr<ns3::Node> phone(int i) const { return other(point_.others + i); }

  ns3::Ptr<ns3::WifiNetDevice> device(std::uint32_t i) const {
    return ns3::DynamicCast<ns3::WifiNetDevice>(devices_.Get(i));
  }

  std::string controlMode() const {
    if (point_.standard == "802.11b") return "DsssRate1Mbps";
    return point_.band < 3 ? "ErpOfdmRate24Mbps" : "OfdmRate24Mbps";
  }

  std::string channelSettings() const {
    const int width = point_.standard == "802.11b" ? 22 : point_.width;
    const std::string band = point_.band < 3 ? "BAND_2_4GHZ" : "BAND_5GHZ";
    return "{0, " + std::to_string(width) + ", " + band + ", 0}";
  }

  // Everybody hears everybody equally well: frames sent at once are lost, and nothing else is.
  ns3::YansWifiPhyHelper makePhy() const {
    ns3::YansWifiChannelHelper channel;
    channel.SetPropagationDelay("ns3::ConstantSpeedPropagationDelayModel");
    channel.AddPropagationLoss("ns3::FixedRssLossModel", "Rss", ns3::DoubleValue(-40));
    ns3::YansWifiPhyHelper phy;
    phy.SetChannel(channel.Create());
    phy.Set("ChannelSettings", ns3::StringValue(channelSettings()));
    return phy;
  }

  void setMac(ns3::WifiMacHelper& mac, const std::string& type) const {
    mac.SetType(type, "Ssid", ns3::SsidValue(ns3::Ssid("calls")), "QosSupported",
                ns3::BooleanValue(point_.wmm), "BE_MaxAmpduSize",
                ns3::UintegerValue(point_.aggregate ? 65535 : 0), "VI_MaxAmpduSize",
                ns3::UintegerValue(point_.aggregate ? 65535 : 0));
  }

  // Of the AP only, as the stations take theirs from its beacons.
  void clearTxopLimits() const {
    for (const auto category : {ns3::AC_VO, ns3::AC_VI}) {
      device(0)->GetMac()->GetQosTxop(category)->SetTxopLimit(ns3::Seconds(0));
    }
  }

  void installWifi() {
    const auto phy = makePhy();
    ns3::WifiHelper wifi;
    wifi.SetStandard(standardOf(point_.standard));
    wifi.SetRemoteStationManager("ns3::ConstantRateWifiManager", "DataMode",
                                 ns3::StringValue(point_.dataMode), "ControlMode",
                                 ns3::StringValue(controlMode()));
    ns3::WifiMacHelper mac;
    setMac(mac, "ns3::ApWifiMac");
    devices_ = wifi.Install(phy, mac, ap());
    if (point_.wmm && !point_.txop) clearTxopLimits();
    setMac(mac, "ns3::StaWifiMac");
    for (std::uint32_t i = 1; i < nodes_.GetN(); ++i) {
      // One after the other: associating all at once they would collide until they gave up.
      mac.SetType("ns3::StaWifiMac", "WaitBeaconTimeout",
                  ns3::TimeValue(ns3::MilliSeconds(120 + 10 * i)));
      devices_.Add(wifi.Install(phy, mac, nodes_.Get(i)));
    }
    for (std::uint32_t i = 0; i < devices_.GetN(); ++i) {
      const auto queues = device(i)->GetObject<ns3::NetDeviceQueueInterface>();
      queues->SetSelectQueueCallback(ns3::MakeCallback(&queueByPriority));
    }
    stream_ += wifi.AssignStreams(devices_, stream_);
  }

  // The AP in the middle of a circle: a propagation delay of some ns, as equal as can be.
  void placeNodes() const {
    auto places = ns3::CreateObject<ns3::ListPositionAllocator>();
    places->Add(ns3::Vector(0, 0, 0));
    const std::uint32_t stations = nodes_.GetN() - 1;
    for (std::uint32_t i = 0; i < stations; ++i) {
      const double angle = 2 * M_PI * i / stations;
      places->Add(ns3::Vector(std::cos(angle), std::sin(angle), 0));
    }
    ns3::MobilityHelper mobility;
    mobility.SetPositionAllocator(places);
    mobility.SetMobilityModel("ns3::ConstantPositionMobilityModel");
    mobility.Install(nodes_);
  }

  // IPv4 without ARP on the air and without a queue above that of the MAC.
  void installInternet() {
    ns3::InternetStackHelper internet;
    internet.SetIpv6StackInstall(false);
    internet.Install(nodes_);
    stream_ += internet.AssignStreams(nodes_, stream_);
    ns3::Ipv4AddressHelper addresses("10.1.0.0", "255.255.0.0");
    interfaces_ = addresses.Assign(devices_);
    ns3::TrafficControlHelper().Uninstall(devices_);
  }

  ns3::Ipv4Address addressOf(ns3::Ptr<ns3::Node> node) const {
    return interfaces_.GetAddress(node->GetId() - ap()->GetId());
  }

  void addErrors() {
    if (point_.frameErrorRate <= 0) return;
    for (std::uint32_t i = 0; i < devices_.GetN(); ++i) {
      const auto self = device(i)->GetMac()->GetAddress();
      device(i)->GetPhy()->SetPostReceptionErrorModel(
          ns3::CreateObject<DataFrameErrors>(point_.frameErrorRate, self, stream_++));
    }
  }

  void addContenders() {
    sink_ = std::make_unique<ContenderSink>(ap(), kMeasureStart + point_.seconds);
    for (int i = 0; i < point_.others; ++i) {
      contenders_.push_back(std::make_unique<Contender>(
          Sender(other(i), addressOf(ap()), kOtherPort, userPriorityOf("BE"), 0), point_,
          stream_++));
      if (point_.otherRate > 0) {
        contenders_.back()->startPoisson();
      } else {
        startSaturated(*contenders_.back(), i);
      }
    }
  }

  void startSaturated(Contender& contender, int i) {
    const auto category = point_.wmm ? ns3::AC_BE : ns3::AC_BE_NQOS;
    const auto mac = device(static_cast<std::uint32_t>(1 + i))->GetMac();
    contender.startSaturated(mac->GetTxopQueue(category),
                             aggregates(point_) ? kSaturatedQueueAggregating : kSaturatedQueue,
                             randomPhase());
  }

  void addCalls() {
    for (int i = 0; i < point_.calls; ++i) {
      const auto port = static_cast<std::uint16_t>(kFirstAudioPort + i);
      addFlow(up_, phone(i), ap(), port);
      addFlow(down_, ap(), phone(i), port);
    }
  }

  void addFlow(std::vector<std::unique_ptr<AudioFlow>>& flows, ns3::Ptr<ns3::Node> from,
               ns3::Ptr<ns3::Node> to, std::uint16_t port) {
    Sender sender(from, addressOf(to), port, userPriorityOf(point_.audioCategory),
                  point_.audioDscp);
    flows.push_back(std::make_unique<AudioFlow>(std::move(sender), to, port, point_));
    flows.back()->start(stream_++);
  }

  double randomPhase() {
    if (!phase_) {
      phase_ = ns3::CreateObject<ns3::UniformRandomVariable>();
      phase_->SetStream(stream_++);
    }
    return phase_->GetValue(0.0, kAudioPeriod);
  }

  // The address tables are filled only now, as associating empties a station's.
  void prepareTraffic() {
    ns3::NeighborCacheHelper().PopulateNeighborCache(interfaces_);
    for (std::uint32_t i = 1; i < devices_.GetN(); ++i) {
      const auto mac = ns3::DynamicCast<ns3::StaWifiMac>(device(i)->GetMac());
      associated_ = associated_ && mac->IsAssociated();
    }
  }

  struct Delays {
    double mean = 0, p50 = 0, p95 = 0, p99 = 0, loss = 0;
  };

  static Delays summarize(const std::vector<std::unique_ptr<AudioFlow>>& flows) {
    std::vector<double> delays;
    double sent = 0;
    for (const auto& flow : flows) {
      delays.insert(delays.end(), flow->delays().begin(), flow->delays().end());
      sent += static_cast<double>(flow->sent());
    }
    if (delays.empty()) return {0, 0, 0, 0, sent > 0 ? 1.0 : 0.0};
    std::sort(delays.begin(), delays.end());
    const auto count = static_cast<double>(delays.size());
    const auto quantile = [&](double share) {
      return delays[static_cast<std::size_t>(std::ceil(share * count)) - 1];
    };
    return {std::accumulate(delays.begin(), delays.end(), 0.0) / count, quantile(0.50),
            quantile(0.95), quantile(0.99), 1 - count / sent};
  }

  WifiResult result() const {
    const Delays up = summarize(up_);
    const Delays down = summarize(down_);
    return {sink_->throughput(), up.mean,  up.p50,   up.p95,   up.p99,   up.loss,
            down.mean,           down.p50, down.p95, down.p99, down.loss};
  }

  WifiPoint point_;
  std::int64_t stream_ = 1;
  ns3::NodeContainer nodes_;
  ns3::NetDeviceContainer devices_;
  ns3::Ipv4InterfaceContainer interfaces_;
  ns3::Ptr<ns3::UniformRandomVariable> phase_;
  std::unique_ptr<ContenderSink> sink_;
  std::vector<std::unique_ptr<Contender>> contenders_;
  std::vector<std::unique_ptr<AudioFlow>> up_;
  std::vector<std::unique_ptr<AudioFlow>> down_;
  bool associated_ = true;
};

}  // namespace

WifiResult runNs3Wifi(const WifiPoint& point, unsigned seed) {
  return Network(point, seed).run();
}

}  // namespace callflow::validation
