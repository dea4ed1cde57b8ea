// How a call's clients, streams and control traffic are made of its plan.
#include <algorithm>
#include <utility>

#include "models/client/profile.h"
#include "models/conference/forwarding.h"
#include "src/sim/audio.h"
#include "src/sim/call.h"
#include "src/sim/set_up_path.h"

namespace callflow::sim {

Call::Call(Wiring& wiring, fabric::PeriodicTimers& timers, const topology::Call& call,
           const explain::CallPlan& plan, const RunOptions& options, CallObserver& observer)
    : wiring_(wiring),
      timers_(timers),
      call_(call),
      plan_(plan),
      draws_(call.copy == 0 ? call.name : call.name + "#" + std::to_string(call.copy)),
      options_(options),
      observer_(observer),
      limitLane_(fabric().simulator().addLane(*this, 0)) {
  if (call.audio.talk == media::Talk::conversation) {
    conversation_.emplace(static_cast<std::uint32_t>(call.participants.size()),
                          fabric::streamNumber(draws_.conversation()));
  }
  for (const topology::Participant& who : call.participants) {
    addMember(who);
    ssrcs_.push_back(ssrcOf(members_.back()->element));
  }
  if (group()) {
    buildGroup();
  } else {
    buildPair();
  }
}

void Call::addMember(const topology::Participant& who) {
  auto member = std::make_unique<Member>();
  member->element = graph().participant(who).value();
  if (call_.clocks == client::Clocks::drawn) {
    member->clock = client::drawClock(draws_.sender(nameOf(member->element)), call_.audio.frame);
  }
  members_.push_back(std::move(member));
}

std::uint32_t Call::ssrcOf(topology::ElementId sender) const {
  return static_cast<std::uint32_t>(fabric::streamNumber(draws_.sender(nameOf(sender))));
}

const path::Path& Call::addPath(const explain::MediaPath& plan, std::uint32_t draws) {
  const path::Path& path = wiring_.path(plan, call_, draws);
  for (path::Leg* const leg : path.legs) {
    if (std::find(legs_.begin(), legs_.end(), leg) == legs_.end()) legs_.push_back(leg);
  }
  return path;
}

bool Call::sends(topology::ElementId element) const {
  if (call_.senders.empty()) return true;
  const std::string& participant = nameOf(element);
  const std::string name = participant.substr(0, participant.find('@'));
  return std::any_of(call_.senders.begin(), call_.senders.end(), [&](const std::string& sender) {
    return sender == name || sender == participant;
  });
}

receiver::MeterConfig Call::meterConfig(const Member& from, const Member& to) const {
  return sim::meterConfig(call_.audio, call_.profile, {from.clock.rate, to.clock.rate},
                          draws_.flow(nameOf(from.element), nameOf(to.element)));
}

void Call::buildPair() {
  for (const std::uint32_t from : {0U, 1U}) buildStream(from, 1 - from);
  Member &first = *members_[0], &second = *members_[1];
  buildControl(first.element, first.participant, second.element, second.participant);
}

void Call::buildStream(std::uint32_t from, std::uint32_t to) {
  Member &sender = *members_[from], &receiver = *members_[to];
  const explain::MediaPath* const plan = plan_.path(sender.element, receiver.element);
  if (plan == nullptr) return;
  const std::uint32_t draws = flowNumber(sender.element, receiver.element);
  const path::Path& path = addPath(*plan, draws);
  if (!sends(sender.element)) return;
  streams_.push_back(
      {from,
       to,
       {plan},
       {&path},
       {wiring_.transit(), meterConfig(sender, receiver), wiring_.waitingPlaces(path), from}});
  sender.flow = {&path, &streams_.back().end, draws};
  addOutgoing(from, streams_.back().end);
}

void Call::buildGroup() {
  if (!plan_.mediaProcessor) return;
  const topology::ElementId processor = *plan_.mediaProcessor;
  // Everybody's legs exist, whether they send or not: the boxes must be opened for what they
  // receive.
  for (const auto& member : members_) {
    const topology::ElementId who = member->element;
    if (const auto* up = plan_.path(who, processor)) addPath(*up, flowNumber(who, processor));
    if (const auto* down = plan_.path(processor, who)) addPath(*down, flowNumber(processor, who));
  }
  publications_.resize(members_.size());
  for (std::uint32_t i = 0; i < members_.size(); ++i) {
    Member& member = *members_[i];
    member.attendance.emplace(publications_, i);
    buildControl(member.element, member.participant, processor, *member.attendance);
  }
  for (std::uint32_t i = 0; i < members_.size(); ++i) buildPublication(i, processor);
}

void Call::buildPublication(std::uint32_t sender, topology::ElementId processor) {
  Member& from = *members_[sender];
  const explain::MediaPath* const up = plan_.path(from.element, processor);
  if (up == nullptr || !sends(from.element)) return;
  const std::uint32_t upDraws = flowNumber(from.element, processor);
  const path::Path& upPath = addPath(*up, upDraws);
  std::vector<bool> reachable;
  for (const auto& member : members_) {
    reachable.push_back(plan_.path(processor, member->element) != nullptr);
  }
  from.publication.emplace(wiring_.mediaProcessor(processor));
  publications_[sender] = &*from.publication;
  for (const std::size_t position : conference::receivers(sender, reachable)) {
    const auto receiver = static_cast<std::uint32_t>(position);
    const Member& to = *members_[receiver];
    const explain::MediaPath* const down = plan_.path(processor, to.element);
    const path::Path& downPath = addPath(*down, flowNumber(processor, to.element));
    std::vector<fabric::LinkId> places = wiring_.waitingPlaces(upPath);
    for (const fabric::LinkId place : wiring_.waitingPlaces(downPath)) places.push_back(place);
    streams_.push_back({sender,
                        receiver,
                        {up, down},
                        {&upPath, &downPath},
                        {wiring_.transit(), meterConfig(from, to), std::move(places), sender}});
    from.publication->addFork(downPath, streams_.back().end, flowNumber(from.element, to.element),
                              static_cast<std::uint32_t>(upPath.legs.size()));
  }
  from.flow = {&upPath, &*from.publication, upDraws};
  addOutgoing(sender, *from.publication);
}

void Call::addOutgoing(std::uint32_t member, path::MediaEnd& end) {
  Member& from = *members_[member];
  client::OutgoingStream::Setup setup;
  setup.audio = call_.audio;
  setup.fec = client::profile(call_.profile).fec;
  setup.clock = from.clock;
  setup.draws = fabric::streamNumber(draws_.sender(nameOf(from.element)));
  setup.ssrc = ssrcs_[member];
  setup.participant = member;
  setup.duration = call_.duration;
  from.participant.outgoing.emplace(wiring_.transit(), from.flow, end,
                                    conversation_ ? &*conversation_ : nullptr, setup);
  from.flow.writer = &*from.participant.outgoing;
  if (from.publication) from.publication->setWriter(*from.participant.outgoing);
}

void Call::buildControl(topology::ElementId near, client::Reporter& nearReporter,
                        topology::ElementId far, client::Reporter& farReporter) {
  const explain::MediaPath* const there = plan_.path(near, far);
  const explain::MediaPath* const back = plan_.path(far, near);
  if (there == nullptr || back == nullptr) return;
  const auto end = [&](topology::ElementId from, topology::ElementId to,
                       const explain::MediaPath& plan, client::Reporter& reporter) {
    const std::uint32_t draws = flowNumber(from, to);
    const bool client = graph().element(from).kind == topology::ElementKind::participant;
    return client::ControlEnd{
        &addPath(plan, draws), draws,  !client || sends(from), client, &reporter,
        ssrcOf(from),          &ssrcs_};
  };
  Control control;
  control.near = near;
  control.far = far;
  const client::ControlEnd nearEnd = end(near, far, *there, nearReporter);
  const client::ControlEnd farEnd = end(far, near, *back, farReporter);
  control.traffic = std::make_unique<client::ControlTraffic>(
      wiring_.transit(), fabric::streamNumber(draws_.control(nameOf(near), nameOf(far))), nearEnd,
      farEnd);
  control.plan = there;
  control.legs = nearEnd.path->legs;
  control.legs.insert(control.legs.end(), farEnd.path->legs.begin(), farEnd.path->legs.end());
  control.rounds = client::setUpTime(setUpPath(graph(), *there, *back), call_.profile);
  controls_.push_back(std::move(control));
}

}  // namespace callflow::sim
