#include "models/wifi/box.h"

#include <algorithm>
#include <utility>

namespace callflow::wifi {
namespace {

// Attempts of a packet (802.11-2020: dot11ShortRetryLimit, 7 unless set).
constexpr int kAttempts = 7;
constexpr DataSize kLlc = DataSize::bytes(8);
constexpr DataSize kMacHeader = DataSize::bytes(24);
constexpr DataSize kQosControl = DataSize::bytes(2);
constexpr DataSize kCheck = DataSize::bytes(4);
constexpr DataSize kCcmp = DataSize::bytes(16);
// Of mac80211's FQ-CoDel (net/mac80211/tx.c).
constexpr Duration kTarget = Duration::ms(20);

Framing framingOf(const Wifi& wifi) {
  Framing framing;
  framing.phy = phyOf(wifi.standardUsed(), wifi.band);
  framing.header = kLlc + kMacHeader + kCheck;
  if (wifi.wmm) framing.header += kQosControl;
  if (wifi.encrypted) framing.header += kCcmp;
  framing.aggregates = framing.phy.aggregates && wifi.aggregation && wifi.wmm;
  framing.queueing.discipline = wifi.discipline;
  if (wifi.queue) framing.queueing.queue = *wifi.queue;
  if (wifi.discipline != shaper::Discipline::fifo) framing.queueing.target = kTarget;
  return framing;
}

}  // namespace

std::unique_ptr<fabric::Box> makeBox(const Wifi& parameters, const fabric::BoxPlace& place) {
  return std::make_unique<WifiBox>(parameters, place);
}

WifiBox::WifiBox(const Wifi& parameters, const fabric::BoxPlace& place)
    : parameters_(parameters),
      framing_(framingOf(parameters)),
      contention_(framing_.phy, parameters.wmm) {
  // By name: who comes first in a file is not to matter.
  auto hosts = place.hosts;
  std::sort(hosts.begin(), hosts.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  for (const fabric::BoxPlace::Host& host : hosts) {
    known_.emplace(host.address.value, rates_.size());
    connect(host.name, parameters.rateUsed());
  }
  for (std::size_t group = 0; group < parameters.stations.size(); ++group) {
    const Stations& stations = parameters.stations[group];
    for (std::int64_t i = 0; i < stations.count; ++i)
      connect("stations " + std::to_string(group + 1) + " " + std::to_string(i + 1),
              stations.rate.value_or(parameters.rateUsed()));
  }
  addTransmitters(std::string(place.name));
  addStations(std::string(place.name));
}

void WifiBox::connect(const std::string& name, DataRate rate) {
  names_.push_back(name);
  rates_.push_back(rate);
}

void WifiBox::addTransmitters(const std::string& box) {
  const Standard standard = parameters_.standardUsed();
  for (std::size_t owner = 0; owner <= accessPoint(); ++owner) {
    const bool down = owner == accessPoint();
    for (const AccessCategory category : kCategories) {
      const std::string name = "wifi " + box + " " + (down ? "access point" : names_[owner]) + " " +
                               std::string(wifi::inWords(category));
      Transmitter made(parameters_.wmm ? accessOf(category, standard) : plainAccess(standard),
                       name);
      made.owner = owner;
      made.category = category;
      made.down = down;
      if (!down) made.lanes.push_back({rates_[owner], name, {}});
      for (std::size_t to = 0; down && to < rates_.size(); ++to)
        made.lanes.push_back({rates_[to], name + " to " + names_[to], {}});
      transmitters_.push_back(std::move(made));
    }
  }
}

void WifiBox::addStations(const std::string& box) {
  std::size_t owner = known_.size();
  for (const Stations& stations : parameters_.stations) {
    const AccessCategory category =
        parameters_.wmm ? stations.category : AccessCategory::bestEffort;
    for (std::int64_t i = 0; i < stations.count; ++i, ++owner) {
      const std::string name = "wifi " + box + " " + names_[owner];
      if (stations.up.isUnlimited()) {
        Transmitter& sender = transmitters_[numberOf(owner, category)];
        sender.lanes[0].endless = stations.packet;
        sender.open(0);
      } else {
        addSource(numberOf(owner, category), 0, stations.up, stations.packet, name + " up");
      }
      addSource(numberOf(accessPoint(), category), owner, stations.down, stations.packet,
                name + " down");
    }
  }
}

void WifiBox::addSource(std::size_t transmitter, std::size_t lane, DataRate rate, DataSize packet,
                        const std::string& name) {
  if (rate == DataRate{}) return;
  Source source{
      transmitter, lane, packet, transmissionTime(packet, rate), {}, fabric::RandomStream(name)};
  sources_.push_back(std::move(source));
}

void WifiBox::start(TimePoint now) {
  if (std::exchange(started_, true)) return;
  for (std::size_t i = 0; i < transmitters_.size(); ++i) {
    if (transmitters_[i].empty()) continue;
    // They have sent before.
    if (active_.empty()) contention_.occupy(now, now);
    transmitters_[i].drawBackoff(contention_);
    active_.push_back(i);
  }
  nextSource_ = TimePoint::max();
  for (Source& source : sources_) {
    source.next = now + source.draws.exponential(source.interval);
    nextSource_ = std::min(nextSource_, source.next);
  }
  schedule();
}

fabric::BoxResult WifiBox::process(fabric::Packet& packet, fabric::Side from, TimePoint) {
  const fabric::Ipv4 who =
      from == fabric::Side::inside ? packet.sourceAddress : packet.destinationAddress;
  if (known_.count(who.value) == 0) return {};
  return {fabric::BoxResult::Action::kept};
}

void WifiBox::keep(fabric::PacketId id, fabric::Side from, TimePoint now) {
  start(now);
  const fabric::Packet& packet = node_.packet(id);
  const AccessCategory category = parameters_.wmm
                                      ? categoryOf(wire::Dscp{packet.dscp}, parameters_.dscpMap)
                                      : AccessCategory::bestEffort;
  const shaper::Waiting waiting = shaper::waitingOf(id, packet, now);
  if (from == fabric::Side::inside)
    enqueue(numberOf(known_.at(packet.sourceAddress.value), category), 0, waiting, now);
  else
    enqueue(numberOf(accessPoint(), category), known_.at(packet.destinationAddress.value), waiting,
            now);
  schedule();
}

void WifiBox::enqueue(std::size_t transmitter, std::size_t lane, const shaper::Waiting& packet,
                      TimePoint now) {
  Transmitter& sender = transmitters_[transmitter];
  const bool idle = sender.empty();
  sender.put(lane, packet, framing_, now, drops_);
  if (idle && !sender.empty()) noteReady(transmitter, now);
  dropAll(transmitter);
}

void WifiBox::noteReady(std::size_t transmitter, TimePoint now) {
  Transmitter& sender = transmitters_[transmitter];
  sender.ready = now;
  // Who finds the air free may send at once, after what was left of its last backoff.
  if (contention_.busy(now) && !contention_.waits(sender.claim)) sender.drawBackoff(contention_);
  active_.push_back(transmitter);
}

void WifiBox::letSourcesSend(TimePoint now) {
  if (nextSource_ > now) return;
  nextSource_ = TimePoint::max();
  for (Source& source : sources_) {
    while (source.next <= now) {
      enqueue(source.transmitter, source.lane,
              {fabric::kNoPacket, source.packet, source.next,
               static_cast<std::uint32_t>(source.transmitter)},
              source.next);
      source.next = source.next + source.draws.exponential(source.interval);
    }
    nextSource_ = std::min(nextSource_, source.next);
  }
}

void WifiBox::onWake(TimePoint now) {
  if (wakes_ > now) return;
  wakes_ = TimePoint::max();
  letSourcesSend(now);
  if (sending_) {
    if (sending_->ends <= now) endSending(now);
  } else if (goesOn_) {
    if (goesOnAt_ <= now) send(*std::exchange(goesOn_, std::nullopt), goesOnUntil_, false, now);
  } else {
    contend(now);
  }
  schedule();
}

void WifiBox::schedule() {
  TimePoint when = TimePoint::max();
  if (sending_) {
    when = sending_->ends;
  } else if (goesOn_) {
    when = goesOnAt_;
  } else {
    when = nextSource_;
    for (const std::size_t each : active_)
      when =
          std::min(when, contention_.start(transmitters_[each].claim, transmitters_[each].ready));
  }
  if (when >= wakes_) return;
  wakes_ = when;
  node_.wakeAt(when);
}

void WifiBox::contend(TimePoint now) {
  std::vector<std::size_t> starters;
  for (const std::size_t each : active_) {
    const Transmitter& sender = transmitters_[each];
    if (contention_.start(sender.claim, sender.ready) <= now) starters.push_back(each);
  }
  if (starters.empty()) return;
  // Within one sender the higher category goes, and the others are as if they had collided
  // (802.11-2020 10.23.2.4).
  std::sort(starters.begin(), starters.end());
  std::vector<std::size_t> first, inner;
  for (std::size_t i = 0; i < starters.size(); ++i) {
    const bool beaten = i + 1 < starters.size() &&
                        transmitters_[starters[i + 1]].owner == transmitters_[starters[i]].owner;
    (beaten ? inner : first).push_back(starters[i]);
  }
  if (first.size() == 1) {
    const Duration limit = transmitters_[first[0]].access.transmissionLimit;
    send(first[0], limit > Duration{} ? now + limit : TimePoint::max(), true, now);
  } else {
    collide(first, now);
  }
  for (const std::size_t each : inner) {
    transmitters_[each].failed();
    transmitters_[each].drawBackoff(contention_);
  }
}

void WifiBox::send(std::size_t transmitter, TimePoint limit, bool first, TimePoint now) {
  Transmitter& sender = transmitters_[transmitter];
  const Duration room = limit == TimePoint::max() ? Duration::max() : limit - now;
  sender.compose(framing_, room, first, now, drops_, composed_);
  if (!composed_.frames.empty()) {
    bool answered = false;
    for (const std::size_t place : composed_.frames) {
      Frame& frame = sender.current().window[place];
      ++frame.attempts;
      frame.received = sender.draws().uniform() >= parameters_.frameLoss.value();
      answered = answered || frame.received;
    }
    const TimePoint ends = now + composed_.air;
    const TimePoint free = ends + (answered ? composed_.answer : unanswered(framing_.phy));
    contention_.occupy(now, free);
    sending_ = Sending{{transmitter}, ends, free, answered, limit};
    answered ? sender.succeeded() : sender.failed();
    sender.drawBackoff(contention_);
  } else if (sender.empty()) {
    active_.erase(std::find(active_.begin(), active_.end(), transmitter));
  }
  dropAll(transmitter);
}

void WifiBox::collide(const std::vector<std::size_t>& who, TimePoint now) {
  Sending sending;
  sending.ends = now;
  for (const std::size_t each : who) {
    Transmitter& sender = transmitters_[each];
    const Duration limit = sender.access.transmissionLimit;
    sender.compose(framing_, limit > Duration{} ? limit : Duration::max(), true, now, drops_,
                   composed_);
    if (!composed_.frames.empty()) {
      for (const std::size_t place : composed_.frames) ++sender.current().window[place].attempts;
      sending.ends = std::max(sending.ends, now + composed_.air);
      sending.who.push_back(each);
      sender.failed();
    } else {
      active_.erase(std::find(active_.begin(), active_.end(), each));
    }
  }
  if (!sending.who.empty()) {
    sending.free = sending.ends + unanswered(framing_.phy);
    contention_.occupy(now, sending.free);
    for (const std::size_t each : sending.who) transmitters_[each].drawBackoff(contention_);
    sending_ = sending;
  }
  for (const std::size_t each : who) dropAll(each);
}

void WifiBox::endSending(TimePoint now) {
  const Sending sent = *std::exchange(sending_, std::nullopt);
  // All is noted before any packet goes on: who gets it may answer at once.
  std::vector<std::pair<std::size_t, Frame>> concluded;
  std::vector<Frame> settled;
  for (const std::size_t each : sent.who) {
    Transmitter& sender = transmitters_[each];
    settled.clear();
    sender.settle(sent.answered, kAttempts, now, settled);
    for (const Frame& frame : settled) {
      if (!frame.received) sender.succeeded();  // the next one begins anew
      concluded.emplace_back(each, frame);
    }
    if (sender.empty()) {
      active_.erase(std::find(active_.begin(), active_.end(), each));
    } else if (sent.answered && sent.limit != TimePoint::max()) {
      goesOn_ = each;
      goesOnAt_ = sent.free + framing_.phy.sifs;
      goesOnUntil_ = sent.limit;
    }
  }
  for (const auto& [sender, frame] : concluded) conclude(frame, transmitters_[sender], now);
}

void WifiBox::conclude(const Frame& frame, const Transmitter& sender, TimePoint now) {
  const fabric::PacketId id = frame.packet.id;
  if (id == fabric::kNoPacket) {
    if (frame.received) carriedForStations_ += frame.packet.size;
    return;
  }
  if (!frame.received) {
    refuse(id, sender, frame.attempts >= kAttempts ? Refusal::unanswered : Refusal::tooOld);
    return;
  }
  const auto neighbour = known_.find(node_.packet(id).destinationAddress.value);
  if (!sender.down && neighbour != known_.end()) {
    turning_.emplace(static_cast<std::uint32_t>(id), frame.packet.arrived);
    shaper::Waiting again = frame.packet;
    again.arrived = now;
    enqueue(numberOf(accessPoint(), sender.category), neighbour->second, again, now);
    return;
  }
  ++counts_[sender.down ? 1 : 0][static_cast<std::size_t>(sender.category)].passed;
  node_.release(id, sinceOf(frame, sender));
}

TimePoint WifiBox::sinceOf(const Frame& frame, const Transmitter& sender) {
  if (!sender.down || turning_.empty()) return frame.packet.arrived;
  const auto turned = turning_.find(static_cast<std::uint32_t>(frame.packet.id));
  if (turned == turning_.end()) return frame.packet.arrived;
  const TimePoint since = turned->second;
  turning_.erase(turned);
  return since;
}

void WifiBox::dropAll(std::size_t transmitter) {
  // What is told of a drop may send, and so drop here again.
  const shaper::Drops dropped = std::move(drops_);
  drops_.clear();
  for (const shaper::Dropped& each : dropped) {
    if (each.packet.id == fabric::kNoPacket) continue;
    refuse(each.packet.id, transmitters_[transmitter], refusalOf(each.reason));
  }
}

WifiBox::Refusal WifiBox::refusalOf(shaper::DropReason reason) {
  switch (reason) {
    case shaper::DropReason::early:
      return Refusal::early;
    case shaper::DropReason::exceeded:
      return Refusal::tooOld;
    case shaper::DropReason::queueFull:
      break;
  }
  return Refusal::queueFull;
}

void WifiBox::refuse(fabric::PacketId id, const Transmitter& sender, Refusal why) {
  const std::size_t way = sender.down ? 1 : 0;
  const auto category = static_cast<std::size_t>(sender.category);
  ++counts_[way][category].dropped[static_cast<std::size_t>(why)];
  turning_.erase(static_cast<std::uint32_t>(id));
  node_.drop(id, static_cast<std::uint16_t>((way * kCategoryCount + category) * kRefusals +
                                            static_cast<std::size_t>(why)));
}

std::vector<nat::BoxCount> WifiBox::counts() const {
  std::vector<nat::BoxCount> list;
  for (std::size_t way = 0; way < counts_.size(); ++way) {
    for (const AccessCategory category : kCategories) {
      const Counts& mine = counts_[way][static_cast<std::size_t>(category)];
      const std::string where = inWords(way, category);
      if (mine.passed > 0) list.push_back({true, where, mine.passed});
      for (std::size_t why = 0; why < kRefusals; ++why) {
        if (mine.dropped[why] == 0) continue;
        list.push_back(
            {false, where + ": " + inWords(static_cast<Refusal>(why)), mine.dropped[why]});
      }
    }
  }
  return list;
}

std::string WifiBox::describeReason(std::uint16_t reason) const {
  const std::size_t where = reason / kRefusals;
  return "dropped (" + inWords(where / kCategoryCount, kCategories[where % kCategoryCount]) +
         "): " + inWords(static_cast<Refusal>(reason % kRefusals));
}

std::string WifiBox::inWords(std::size_t way, AccessCategory category) const {
  const std::string direction = way == 0 ? "outbound" : "inbound";
  return parameters_.wmm ? direction + ", " + std::string(wifi::inWords(category)) : direction;
}

std::string WifiBox::inWords(Refusal refusal) {
  switch (refusal) {
    case Refusal::queueFull:
      return "its queue is full";
    case Refusal::early:
      return "by active queue management, to keep the wait short";
    case Refusal::tooOld:
      return "it waited for longer than " + toText(kLifetime);
    case Refusal::unanswered:
      break;
  }
  return "not acknowledged after " + std::to_string(kAttempts) + " attempts";
}

}  // namespace callflow::wifi
