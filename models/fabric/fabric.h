// Moves packets over links, through boxes, to those who listen: at most one event a hop.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/fabric/box.h"
#include "models/fabric/carrier.h"
#include "models/fabric/key_table.h"
#include "models/fabric/link.h"
#include "models/fabric/packet.h"
#include "models/fabric/packet_pool.h"
#include "models/fabric/simulator.h"
#include "models/wire/bytes.h"
#include "src/units/units.h"

namespace callflow::fabric {

// Gets packets at the end of their route.
class Sink {
 public:
  virtual ~Sink() = default;
  // The packet is gone after this call unless it was given to Fabric::forward() in it. One that is
  // not for it, it disowns.
  virtual void onPacket(PacketId id, Packet& packet, TimePoint now) = 0;
};

enum class DropCause : std::uint8_t {
  loss,        // on a link
  queueFull,   // at a link
  linkDown,    // its rate is zero
  box,         // a box's verdict, with its reason
  noRoute,     // from a node to the destination
  noListener,  // at the end of the route
  tooBig,      // for a link's mtu, and not to be fragmented (TCP's segments)
};

struct Drop {
  PacketId id = kNoPacket;
  const Packet& packet;
  DropCause cause = DropCause::loss;
  std::uint16_t reason = 0;  // of the box
  NodeId node = kNoNode;     // where it was when it was dropped; for a link, where the link begins
  LinkId link = kNoLink;     // for the causes of links
  TimePoint when;            // for a loss: when it was offered to the link
};

class DropObserver {
 public:
  virtual ~DropObserver() = default;
  virtual void onDrop(const Drop& drop) = 0;
};

// Whoever sends packets: is told of their drops, and knows what is in them.
class PacketOwner : public DropObserver {
 public:
  // What a packet of its own has behind the IP header: over TCP the segment, whose ports and
  // checksum are seen to by others; over UDP what is in the datagram. Asked only where packets are
  // captured. What it leaves out at the end is content that nobody knows.
  virtual void writePayload(const Packet& packet, wire::Bytes& bytes) const {
    static_cast<void>(packet), static_cast<void>(bytes);
  }
};

enum class LinkEnd : std::uint8_t { from, to };

// Sees packets as they are handed to a link, before it has them wait, and as they come out of it.
class PacketObserver {
 public:
  virtual ~PacketObserver() = default;
  virtual void onPacket(LinkId link, LinkEnd end, const Packet& packet, TimePoint now) = 0;
};

// Where a fragment belongs in the packet that was cut.
struct Fragment {
  const Packet* whole = nullptr;  // none: a sibling was lost, and so is the packet
  DataSize size;                  // of the whole
  std::uint16_t offset = 0;       // of its first byte behind the IP header
  bool last = false;
};

// What became of a packet that crossed in no time.
struct Trial {
  bool arrived = false;      // at the end of its route
  bool refused = false;      // by the box that `lastLink` ends at
  std::uint16_t reason = 0;  // of that box
  LinkId lastLink = kNoLink;
  Header5 header;  // as it arrived, or as it came to the box
};

// Is told what packets meet that are tried. What crosses a tunnel travels in others, which are
// tried between onLink() and what comes behind it.
class TrialObserver {
 public:
  virtual ~TrialObserver() = default;
  virtual void onStart(NodeId from, const Header5& header) = 0;
  virtual void onLink(LinkId link) = 0;
  // The box where the last link ended has judged it, and changed its header to `after`.
  virtual void onBox(const Header5& before, const Header5& after, const BoxResult& result) = 0;
  virtual void onEnd(const Trial& trial) = 0;
};

struct NodeDrops {
  NodeId node = kNoNode;
  DropCause cause = DropCause::box;  // box, no_route, no_listener or too_big
  std::uint16_t reason = 0;
  std::int64_t packets = 0;
};

// Nodes, links, routes and boxes are set up before packets are sent; parameters of links that are
// known to change may do so at any time. Must not be destroyed while its simulator runs. Misuse (an
// unknown id, a route whose links do not join) throws std::invalid_argument.
class Fabric : public LaneClient {
 public:
  explicit Fabric(FabricSimulator& simulator);
  ~Fabric() override;
  Fabric(const Fabric&) = delete;
  Fabric& operator=(const Fabric&) = delete;

  // ---- the network
  NodeId addNode(std::string name);
  // A directed link. `name` must be unique: it names the random streams. `arrives_from` is the side
  // by which its packets come to a box at `to`.
  LinkId addLink(NodeId from, NodeId to, const LinkParameters& parameters, std::string name,
                 Side arrivesFrom = Side::inside);
  // To be called before packets are sent, for a link whose parameters are going to change.
  void expectChanges(LinkId link);
  // From now on, as Link::change() says: what waits is timed anew, what is on the line stays.
  void setLinkParameters(LinkId link, const LinkParameters& parameters);
  // The flow of this name, for Packet::stream: draws on links follow the name, not the number.
  std::uint32_t flowNumber(const std::string& name) { return flows_.number(name); }
  std::string flowName(std::uint32_t number) const { return flows_.name(number); }
  // Not owned.
  void setBox(NodeId node, Box* box);
  // The place at which packets wait that the node's box holds; noLink if it never does.
  LinkId holdingPlace(NodeId node) const;
  // From now on the packets of this link are the carrier's, not the line's. Not owned.
  void setCarrier(LinkId link, Carrier* carrier);
  // Links one behind the other; none at all for a packet that stays at its node.
  RouteId addRoute(std::span<const LinkId> links);
  void setRoute(NodeId from, Ipv4 destination, RouteId route);
  // Packet::owner of those of whose drops it is told. At most 61; std::length_error beyond.
  OwnerId addOwner(PacketOwner& owner);
  // Not owned; nullptr unbinds. `port` of 0: every port of that protocol without a binding of its
  // own.
  void bind(NodeId node, Protocol protocol, std::uint16_t port, Sink* sink);

  // ---- packets
  // Sends a copy from `from` now, by its destination or along a route that the caller knows to
  // begin there. Dropped packets are told to their owner and the observers, from within this call
  // if it happens here.
  void send(NodeId from, const Packet& packet, RouteId route = kNoRoute);
  // A packet crosses from `from` in no time, whatever its links are like, and meets the boxes as
  // they stand, as one sent now would. Nobody gets it, and no drop of it is counted or told. Where
  // a box puts others in its place, it goes on as the first of them.
  Trial tryPacket(NodeId from, const Header5& header, RouteId route = kNoRoute,
                  wire::Sight sight = {});
  // Not owned; nullptr: nobody.
  void observeTrials(TrialObserver* observer) { trialObserver_ = observer; }
  // For use in Sink::onPacket: sends the packet just received on, after `processing`, with what the
  // sink has changed in it and a route looked up anew from `from`. It keeps the time sent, the
  // parts and the waits, so that at its end arrival - sent = its parts + all processing.
  void forward(NodeId from, PacketId id, Duration processing);
  // The same for a copy, so that one packet can go on to several receivers.
  void forwardCopy(NodeId from, const Packet& packet, Duration processing);
  // For use in Sink::onPacket, at its end: nobody listens there for the packet just received, which
  // a translation has brought to the wrong place.
  void disown(PacketId id);

  // ---- for carriers, of packets that they were given for `link`
  // The packet goes on inside another, from `from` by its destination: it has the time, the draws
  // and the drops of what it travels in, and goes on as itself where the link ends.
  void wrap(PacketId id, LinkId link, const Wrapping& outer, NodeId from);
  // A packet of the carrier's own, in which nothing travels: Carrier::arrives() is told of it where
  // its route ends. `stream` is Packet::stream.
  void sendEmpty(LinkId link, const Wrapping& outer, NodeId from, std::uint32_t stream);
  // Drops it for a reason of the box that the link begins at.
  void refuse(PacketId id, LinkId link, std::uint16_t reason);
  // What the carrier has came in this packet, too: it spent its time on the same.
  void share(PacketId id, const Packet& bringer);
  // What the carrier has comes out where the link ends, having waited so long for the link.
  void unload(PacketId id, LinkId link, Duration waited);

  // The largest packet that passes all links on the way from a node to a destination unharmed, by
  // what their ends say: those that keep silent (LinkParameters::pathMtuDiscovery) do not count.
  DataSize pathMtu(NodeId from, Ipv4 destination) const;

  // Calls visit(Wait) for each time that the packet had to wait for a link or in a box; the times
  // add up to its queueing part.
  template <class Visit>
  void forEachWait(const Packet& packet, Visit&& visit) const {
    pool_.forEachWait(packet, visit);
  }

  // ---- for observers
  // From now on this end of a link is observed, by one observer for all. Not owned.
  void observe(LinkId link, LinkEnd end, PacketObserver& observer);
  // What stands behind the IP header of a packet that is whole (PacketOwner::writePayload()).
  void writePayload(const Packet& packet, wire::Bytes& bytes) const;
  // Nothing if the packet is whole.
  std::optional<Fragment> fragment(const Packet& packet) const;

  // ---- what happened
  // Is told of every drop. Not owned.
  void addDropObserver(DropObserver* observer);
  LinkCounters counters(LinkId link) const;
  // By boxes, and for want of a route or a listener; sorted by node, cause, reason.
  std::vector<NodeDrops> nodeDrops() const;
  std::size_t inFlight() const { return pool_.live(); }

  const std::string& name(NodeId node) const;
  const std::string& name(LinkId link) const;
  const LinkParameters& parameters(LinkId link) const;
  FabricSimulator& simulator() { return simulator_; }

  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  friend class BoxNode;
  struct Node {
    std::string name;
    Box* box = nullptr;
    bool boxed = false;        // has had a box
    LinkId holding = kNoLink;  // from the node to itself: where its box's packets wait
    LaneId wakes{};            // of such a box
  };
  // A link and what the fabric needs to know when a packet comes out of it.
  struct alignas(64) FabricLink {
    Link link;
    NodeId from = kNoNode;
    NodeId to = kNoNode;
    LaneId lane{};
    Side arrivesFrom = Side::inside;
    bool holding = false;
    bool toBox = false;          // where it ends is perhaps a box, or somebody who observes
    std::uint8_t unusual = 0;    // kCarried, kWipesDscp, kObservedFrom, kObservedTo
    std::uint16_t mtu = 0xffff;  // the largest packet that crosses it in one piece
  };
  static_assert(sizeof(FabricLink) == 128);
  struct DropKey {
    NodeId node;
    DropCause cause;
    std::uint16_t reason;
    auto operator<=>(const DropKey&) const = default;
  };
  static constexpr std::uint32_t kRouteEnd = 0xffffffff;
  static constexpr std::uint32_t kHeldChannel =
      0x80000000;  // or'ed with a node: packets that wait there
  static constexpr std::uint32_t kWakeChannel = 0x40000000;  // or'ed with a node: its box wakes

  static constexpr std::uint8_t kCarried = 1;    // it has a carrier
  static constexpr std::uint8_t kWipesDscp = 2;  // what crosses it loses its mark
  static constexpr std::uint8_t kObservedFrom = 4, kObservedTo = 8;  // where it begins, ends

  static void configure(FabricLink& link, const LinkParameters& parameters);
  void checkNode(NodeId node) const;
  void checkLink(LinkId link) const;
  RouteId routeFor(NodeId from, Ipv4 destination) const;
  Sink* sinkAt(NodeId node, Protocol protocol, std::uint16_t port) const;
  void hold(NodeId from, PacketId id, Duration processing);
  void travel(NodeId at, PacketId id, Packet& packet, TimePoint now);
  Trial cross(Packet& packet);
  // The verdict of the box that the link ends at, with the packet's route as it goes on.
  BoxResult judge(const FabricLink& link, Packet& packet, TimePoint now);
  bool passBox(const FabricLink& link, PacketId id, Packet& packet, TimePoint now);
  // After a verdict: false if the packet is held, and travels later.
  bool holdInBox(NodeId at, PacketId id, Packet& packet, Duration time, TimePoint now);
  void replace(NodeId at, PacketId id, TimePoint now);
  void deliver(NodeId at, PacketId id, Packet& packet, TimePoint now);
  void retime(FabricLink& link, LinkId number, const Retiming& change);
  // What travels in a packet of the fabric's own takes its place again.
  void unwrap(Packet& packet);
  void emerge(NodeId at, PacketId id, Packet& packet, TimePoint now);
  // Cuts a packet that is larger than the link's mtu, or drops it; see fragments.cc.
  void tooBig(NodeId at, PacketId id, Packet& packet, const FabricLink& link, TimePoint now);
  void joinFragment(NodeId at, PacketId id, Packet& packet, TimePoint now);
  void loseFragment(const Packet& fragment, const Drop& why);
  void drop(PacketId id, Packet& packet, DropCause cause, std::uint16_t reason, NodeId node,
            LinkId link, TimePoint now);

  // What a packet was before it was wrapped.
  struct Wrapped {
    Header5 header;
    std::uint16_t size = 0;
    std::uint8_t dscp = 0;
    OwnerId owner{};
    std::uint32_t payload = 0;
    RouteId route = kNoRoute;
    LinkId link = kNoLink;
    std::uint32_t number = 0;  // Wrapping::number
  };
  // A packet that was cut; it waits for its fragments where it was.
  struct Cut {
    PacketId packet = kNoPacket;  // none: it is lost
    std::uint32_t missing = 0;    // fragments neither arrived nor dropped
    std::uint16_t size = 0;       // of the packet
  };
  // Owners of the packets that carry others. What has the first is wrapped; its payload is an index
  // into wrapped_. What has the second is a fragment; its payload is an index into cuts_, and its
  // sequence has where it belongs (fragments.cc).
  static constexpr OwnerId kWrapping{62};
  static constexpr OwnerId kFragment{63};
  static bool isOwn(const Packet& packet) { return packet.owner >= kWrapping; }

  FabricSimulator& simulator_;
  PacketPool pool_;
  FlowNames flows_;
  std::vector<Node> nodes_;
  std::vector<FabricLink> links_;
  std::vector<std::uint32_t>
      hops_;  // links of all routes, each route closed by routeEnd; a RouteId is an index
  KeyTable<RouteId> routes_;
  KeyTable<Sink*> bindings_;
  std::map<std::pair<NodeId, Duration>, LaneId> held_;  // lanes of forward()
  PacketId delivering_ = kNoPacket;
  PacketId disowned_ = kNoPacket;              // of that being delivered
  std::vector<PacketOwner*> owners_{nullptr};  // by Packet::owner
  std::vector<DropObserver*> observers_;
  PacketObserver* packetObserver_ = nullptr;
  TrialObserver* trialObserver_ = nullptr;
  std::map<DropKey, std::int64_t> nodeDrops_;
  std::vector<Carrier*> carriers_;  // by link; empty without tunnels
  std::vector<Wrapped> wrapped_;
  std::vector<std::uint32_t> freeWrapped_;
  std::vector<Cut> cuts_;
  std::vector<std::uint32_t> freeCuts_;
};

}  // namespace callflow::fabric
