// How a call's clients, streams and control traffic are made of its plan.
#include <algorithm>
#include <utility>

#include "models/client/profile.h"
#include "models/conference/forwarding.h"
#include "src/sim/audio.h"
#include "src/sim/call.h"
#include "src/sim/set_up_path.h"
#include "src/sim/video_group.h"
#include "src/sim/video_mix.h"
#include "src/sim/video_pair.h"

namespace callflow::sim {

Call::Call(IceNetwork& network, fabric::PeriodicTimers& timers, const topology::Call& call,
           const explain::CallPlan& plan, const RunOptions& options, CallObserver& observer)
    : network_(network),
      wiring_(network.wiring()),
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

bool Call::presents(std::size_t member) const {
  if (call_.presenter) return call_.participants[member].name == *call_.presenter;
  for (std::size_t i = 0; i < members_.size(); ++i)
    if (sends(members_[i]->element)) return i == member;
  return false;
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
  receiver::MeterConfig config =
      sim::meterConfig(call_.audio, call_.profile, {from.clock.rate, to.clock.rate},
                       draws_.flow(nameOf(from.element), nameOf(to.element)));
  if (mixed()) config.tandem = quality::parameters(config.codec, config.bitrate).ie;
  return config;
}

IceOptions Call::iceOptions(topology::ElementId near, topology::ElementId far) const {
  IceOptions options = optionsOf(call_, plan_.path(near, far), options_.seed, options_.replication);
  options.restarts = options.again = call_.iceRestart;
  return options;
}

void Call::buildPair() {
  Member &first = *members_[0], &second = *members_[1];
  std::unique_ptr<IceSession> session;
  if (connectsByIce(call_.participants[0]) && connectsByIce(call_.participants[1]))
    session =
        std::make_unique<IceSession>(network_, call_, iceOptions(first.element, second.element));
  if (!buildControl(first.element, first.participant, second.element, second.participant,
                    std::move(session)))
    return;
  for (const std::uint32_t from : {0U, 1U}) buildStream(from, 1 - from);
  if (call_.hasPicture()) buildVideo();
}

// What is seen shares a session with what is heard.
void Call::buildVideo() {
  std::array<VideoPair::End, 2> ends;
  for (const std::size_t i : {0U, 1U})
    ends[i] = {nameOf(members_[i]->element), sends(members_[i]->element), presents(i)};
  video_ = std::make_unique<VideoPair>(wiring_.transit(), call_, draws_, ends);
  for (const std::size_t i : {0U, 1U})
    if (auto& outgoing = members_[i]->participant.outgoing)
      outgoing->setSession(video_->session(i));
  for (Stream& stream : streams_) stream.end.setSession(video_->session(stream.to));
}

// The sound that clients send is numbered; what the media processor sends of it is not.
void Call::buildGroupVideo(topology::ElementId processor) {
  const conference::MediaProcessor& server = wiring_.mediaProcessor(processor).parameters();
  if (mixed()) {
    std::vector<VideoMix::End> ends;
    for (std::size_t i = 0; i < members_.size(); ++i)
      ends.push_back({nameOf(members_[i]->element), memberControls_[i].has_value(),
                      sends(members_[i]->element)});
    video_ = std::make_unique<VideoMix>(wiring_.transit(), call_, draws_, nameOf(processor),
                                        server.composing, ends);
  } else {
    std::vector<VideoGroup::End> ends;
    for (std::size_t i = 0; i < members_.size(); ++i)
      ends.push_back({nameOf(members_[i]->element), memberControls_[i].has_value(),
                      sends(members_[i]->element), presents(i)});
    video_ =
        std::make_unique<VideoGroup>(wiring_.transit(), call_, draws_, nameOf(processor),
                                     server.processing, ends, seesAll() ? nullptr : &*speakers_);
  }
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (!members_[i]->publication) continue;
    members_[i]->participant.outgoing->setSession(video_->session(i));
    members_[i]->publication->setSession(*video_->serverSession(i));
  }
}

void Call::buildStream(std::uint32_t from, std::uint32_t to) {
  Member &sender = *members_[from], &receiver = *members_[to];
  if (!sends(sender.element)) return;
  streams_.push_back(
      {from, to, {{0, from}}, {wiring_.transit(), meterConfig(sender, receiver), from}});
  sender.flow = {&wiring_.nowhere(), &streams_.back().end,
                 flowNumber(sender.element, receiver.element)};
  addOutgoing(from, streams_.back().end);
}

void Call::buildGroup() {
  if (!plan_.mediaProcessor) return;
  const topology::ElementId processor = *plan_.mediaProcessor;
  // Everybody is connected, whether they send or not: the boxes must be opened for what they
  // receive.
  publications_.resize(members_.size());
  memberControls_.resize(members_.size());
  for (std::uint32_t i = 0; i < members_.size(); ++i) {
    Member& member = *members_[i];
    member.attendance.emplace(publications_, i);
    std::unique_ptr<IceSession> session;
    if (connectsByIce(call_.participants[i]))
      session = std::make_unique<IceSession>(network_, call_, i, processor,
                                             iceOptions(member.element, processor));
    if (buildControl(member.element, member.participant, processor, *member.attendance,
                     std::move(session)))
      memberControls_[i] = controls_.size() - 1;
  }
  buildSpeakers();
  for (std::uint32_t i = 0; i < members_.size(); ++i) buildPublication(i, processor);
  if (mixed()) buildMix(processor);
  if (call_.hasPicture()) buildGroupVideo(processor);
}

bool Call::seesAll() const {
  if (!call_.video || mixed()) return true;
  const auto cameras = std::count_if(members_.begin(), members_.end(),
                                     [&](const auto& member) { return sends(member->element); });
  return cameras <= call_.layout.videos + 1;
}

// Who speaks matters where not all are heard or seen.
void Call::buildSpeakers() {
  if (mixed()) return;
  int heard = call_.layout.speakers;
  const auto members = static_cast<int>(members_.size());
  if (heard == 0 && members > conference::kLargeCall) heard = conference::kHeardOfLarge;
  fewHeard_ = heard > 0 && heard < members - 1;
  if (!fewHeard_ && seesAll()) return;
  speakers_.emplace(fabric().simulator(), members_.size(),
                    fewHeard_ ? static_cast<std::size_t>(heard) : 0);
}

Call::Stream& Call::addEar(std::uint32_t sender, std::uint32_t receiver) {
  const Member &from = *members_[sender], &to = *members_[receiver];
  streams_.push_back({sender,
                      receiver,
                      {{*memberControls_[sender], 0}, {*memberControls_[receiver], 1}},
                      {wiring_.transit(), meterConfig(from, to), sender}});
  members_[sender]->publication->addFork(wiring_.nowhere(), streams_.back().end,
                                         flowNumber(from.element, to.element), 0);
  return streams_.back();
}

void Call::buildPublication(std::uint32_t sender, topology::ElementId processor) {
  Member& from = *members_[sender];
  if (!memberControls_[sender] || !sends(from.element)) return;
  from.publication = makePublication(from, processor);
  publications_[sender] = &*from.publication;
  if (!fewHeard_) {
    std::vector<bool> reachable;
    for (const auto& control : memberControls_) reachable.push_back(control.has_value());
    for (const std::size_t receiver : conference::receivers(sender, reachable))
      addEar(sender, static_cast<std::uint32_t>(receiver));
  }
  from.flow = {&wiring_.nowhere(), &*from.publication, flowNumber(from.element, processor)};
  addOutgoing(sender, *from.publication);
  if (speakers_)
    from.publication->setSpeakers(*speakers_, sender, *from.participant.outgoing,
                                  fewHeard_ ? this : nullptr);
}

std::unique_ptr<conference::Publication> Call::makePublication(Member& from,
                                                               topology::ElementId processor) {
  conference::Server& server = wiring_.mediaProcessor(processor);
  if (!mixed()) return std::make_unique<conference::Publication>(server);
  // Its clock is taken to be right.
  receiver::MeterConfig config =
      sim::meterConfig(call_.audio, call_.profile, {from.clock.rate, {}},
                       draws_.flow(nameOf(from.element), nameOf(processor)));
  return std::make_unique<conference::MixInput>(server, receiver::makeBuffer(config));
}

// Everybody hears the others in one stream, which the media processor codes.
void Call::buildMix(topology::ElementId processor) {
  mixer_.emplace(call_.audio.frame, wiring_.mediaProcessor(processor).parameters().mixing +
                                        quality::traits(scoredAs(call_.audio)).lookahead);
  for (const auto& member : members_) {
    if (!member->publication) continue;
    auto& input = static_cast<conference::MixInput&>(*member->publication);
    if (call_.audio.dtx) input.setSender(*member->participant.outgoing);
    mixer_->add(input);
  }
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (!memberControls_[i]) continue;
    Member& member = *members_[i];
    const std::string& name = nameOf(member.element);
    member.mix = &mixer_->add(wiring_.transit(), call_.audio,
                              fabric::streamNumber(draws_.flow(nameOf(processor), name)),
                              flowNumber(processor, member.element));
  }
  for (Stream& stream : streams_)
    members_[stream.to]->mix->add(
        static_cast<conference::MixInput&>(*members_[stream.from]->publication), stream.end);
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

bool Call::buildControl(topology::ElementId near, client::Reporter& nearReporter,
                        topology::ElementId far, client::Reporter& farReporter,
                        std::unique_ptr<IceSession> session) {
  Control control;
  control.near = near;
  control.far = far;
  control.plans = {plan_.path(near, far), plan_.path(far, near)};
  control.session = std::move(session);
  const bool planned = control.session == nullptr;
  if (planned && (control.plans[0] == nullptr || control.plans[1] == nullptr)) return false;
  const auto end = [&](std::size_t side, client::Reporter& reporter) {
    const topology::ElementId from = side == 0 ? near : far, to = side == 0 ? far : near;
    const std::uint32_t draws = flowNumber(from, to);
    if (planned) control.planned[side] = &addPath(*control.plans[side], draws);
    const bool client = graph().element(from).kind == topology::ElementKind::participant;
    return client::ControlEnd{
        &wiring_.nowhere(), draws,  !client || sends(from), client && planned, &reporter,
        ssrcOf(from),       &ssrcs_};
  };
  const client::ControlEnd nearEnd = end(0, nearReporter), farEnd = end(1, farReporter);
  control.traffic = std::make_unique<client::ControlTraffic>(
      wiring_.transit(), fabric::streamNumber(draws_.control(nameOf(near), nameOf(far))), nearEnd,
      farEnd);
  if (planned) {
    for (const path::Path* const path : control.planned)
      control.legs.insert(control.legs.end(), path->legs.begin(), path->legs.end());
    control.rounds =
        client::setUpTime(setUpPath(graph(), *control.plans[0], *control.plans[1]), call_.profile);
  } else {
    control.session->watch(*this);
  }
  controls_.push_back(std::move(control));
  return true;
}

}  // namespace callflow::sim
