#include "src/sim/call.h"

#include <algorithm>
#include <utility>

namespace callflow::sim {

namespace {

// Of a record: to look whether media is to begin; or it is over, and with it the call.
constexpr std::uint32_t kBegin = 0;
constexpr std::uint32_t kEnd = 1;

}  // namespace

void Call::start() {
  const TimePoint now = fabric().simulator().now();
  if (controls_.empty()) {
    observer_.onSettled(now + call_.setup + call_.duration);
    return;
  }
  fabric().simulator().pushOutOfOrder(limitLane_, now + setUpLimit(), kBegin);
  wiring_.open(legs_, *this);
  for (const Control& control : controls_)
    if (control.session) control.session->start();
  onStanding(now);
}

bool Call::Control::closed() const {
  if (session) return session->ended();
  return std::any_of(legs.begin(), legs.end(),
                     [](const path::Leg* leg) { return leg->closing() != path::Closing::no; });
}

const path::Path& Call::Control::path(std::size_t side) {
  return session ? session->path(side) : *planned[side];
}

// Whom nothing but packets could connect, ICE being sure of that only after some fifteen seconds,
// the others do not wait for: not if there are others.
bool Call::expectsToConnect(const Control& control) const {
  return control.hopeful() || std::none_of(controls_.begin(), controls_.end(),
                                           [](const Control& each) { return each.hopeful(); });
}

bool Call::Control::hopeful() const {
  const bool shut = session && session->signaling() != nullptr && session->signaling()->isShut();
  return plans[0] != nullptr && !shut;
}

// Signaling over HTTPS has time-outs of its own, which are to come first: they know why.
Duration Call::setUpLimit() const {
  const Duration limit = call_.signaling == signaling::Carriage::https
                             ? signaling::kTelephoneEstablishment + Duration::s(1)
                             : client::kSetUpLimit;
  return std::max(call_.setup, limit);
}

void Call::onStanding(TimePoint now) {
  if (begun_) return;
  bool all = true;
  for (Control& control : controls_) {
    const bool stands = control.session
                            ? control.session->connected()
                            : std::all_of(control.legs.begin(), control.legs.end(),
                                          [](const path::Leg* leg) { return leg->stands(); });
    if (!control.ready && stands) control.ready = now + control.rounds;
    all = all && (control.ready || control.closed() || !expectsToConnect(control));
  }
  if (all) conclude(now);
}

void Call::onConnected(IceSession&, TimePoint now) {
  onStanding(now);
}

void Call::onPath(IceSession& session, std::size_t from, TimePoint) {
  if (!begun_) return;
  for (std::size_t i = 0; i < controls_.size(); ++i)
    if (controls_[i].session.get() == &session && controls_[i].joined) takePath(i, from);
}

void Call::onEnded(IceSession& session, TimePoint now) {
  if (!begun_) {
    onStanding(now);
    return;
  }
  for (Control& control : controls_)
    if (control.session.get() == &session && control.joined) drop(control, now);
}

void Call::onRecord(std::uint32_t, std::uint32_t payload, TimePoint now) {
  if (payload == kEnd) {
    for (const Control& control : controls_)
      if (control.session) control.session->close();
  } else if (!begun_) {
    conclude(now);
  }
}

void Call::conclude(TimePoint now) {
  // What is closed before media begins has carried none: its call was never connected.
  const TimePoint media = earliestMedia(now);
  const bool mayClose =
      wiring_.mayClose(legs_) || std::any_of(controls_.begin(), controls_.end(),
                                             [](const Control& each) { return !!each.session; });
  if (media > now && mayClose) {
    fabric().simulator().pushOutOfOrder(limitLane_, media, kBegin);
    return;
  }
  bool any = false;
  for (Control& control : controls_) {
    control.joined = control.ready && !control.closed();
    any = any || control.joined;
    if (!control.joined) leaveOut(control, now);
  }
  if (any) {
    begin(now);
  } else {
    begun_ = true;
    observer_.onSettled(now);
  }
}

void Call::leaveOut(Control& control, TimePoint now) {
  for (Stream& stream : streams_) {
    if (!concerns(control, *members_[stream.from]) && !concerns(control, *members_[stream.to]))
      continue;
    stream.joined = false;
    if (group()) members_[stream.from]->publication->removeFork(stream.end);
  }
  leftOut_.push_back(failureOf(control));
  for (const auto& member : members_) {
    if (!concerns(control, *member)) continue;
    member->joined = false;
    member->left = now;
    member->ending = {leftOut_.back().code, leftOut_.back().subcode};
  }
  if (control.session) control.session->close();
}

// `setup` is for what is not simulated, signaling and people; what the path takes may be longer.
TimePoint Call::earliestMedia(TimePoint now) const {
  std::optional<TimePoint> ready;
  for (const Control& control : controls_) {
    if (control.ready && !control.closed()) ready = std::max(ready, control.ready);
  }
  if (!ready) return now;  // for nobody
  return std::max({now, *ready, TimePoint::at(call_.start + call_.setup)});
}

void Call::begin(TimePoint now) {
  begun_ = true;
  mediaStart_ = earliestMedia(now);
  scoredFrom_ = mediaStart_ + options_.warmUp;
  for (Stream& stream : streams_) {
    stream.end.scoreFrom(scoredFrom_);
    if (stream.joined) members_[stream.to]->participant.incoming.push_back(&stream.end);
  }
  mediaEnd_ = mediaStart_ + call_.duration;
  const auto eachSender = [&](auto&& visit) {
    for (const auto& member : members_) {
      if (member->joined && member->participant.outgoing) visit(*member->participant.outgoing);
    }
  };
  eachSender([&](const client::OutgoingStream& stream) {
    mediaEnd_ = std::max(mediaEnd_, stream.end(mediaStart_));
  });
  for (std::size_t i = 0; i < controls_.size(); ++i) {
    const Control& control = controls_[i];
    if (!control.joined) continue;
    if (control.session) control.session->countFrom(scoredFrom_);
    for (const std::size_t side : {0U, 1U}) takePath(i, side);
    control.traffic->start(mediaStart_, mediaEnd_, scoredFrom_);
  }
  for (Stream& stream : streams_) {
    for (const Hop& hop : stream.hops)
      stream.end.addPlaces(wiring_.waitingPlaces(controls_[hop.control].path(hop.side)));
  }
  if (speakers_) speakers_->start(mediaStart_, mediaEnd_);
  if (video_) beginVideo();
  eachSender([&](client::OutgoingStream& stream) { stream.start(timers_, mediaStart_); });
  if (mixer_) mixer_->start(timers_, mediaStart_, mediaEnd_ + options_.drain);
  // What is on its way when the last is sent still arrives.
  fabric().simulator().pushOutOfOrder(limitLane_, mediaEnd_ + options_.drain, kEnd);
  observer_.onSettled(mediaEnd_);
}

void Call::beginVideo() {
  const TimePoint end = mediaStart_ + call_.duration;
  video_->start(mediaStart_, end, scoredFrom_);
  lipSync_.emplace(fabric().simulator());
  for (Stream& stream : streams_) {
    if (!stream.joined) continue;
    for (const Picture picture : kPictures) {
      const VideoCall::Seen* const seen = video_->seen(stream.from, stream.to, picture);
      if (seen == nullptr) continue;
      lipSync_->add(*members_[stream.from]->participant.outgoing, stream.end,
                    *seen->incoming.front(), picture == Picture::camera, members_[stream.to]->mix);
    }
  }
  lipSync_->start(mediaStart_, end, scoredFrom_);
}

void Call::onFirstHeard(std::size_t sender) {
  const auto from = static_cast<std::uint32_t>(sender);
  for (std::uint32_t to = 0; to < members_.size(); ++to) {
    if (to == from || !memberControls_[to]) continue;
    Control& control = controls_[*memberControls_[to]];
    if (!control.joined) continue;
    Stream& stream = addEar(from, to);
    stream.since = fabric().simulator().now();
    stream.end.scoreFrom(scoredFrom_);
    for (const Hop& hop : stream.hops)
      stream.end.addPlaces(wiring_.waitingPlaces(controls_[hop.control].path(hop.side)));
    members_[to]->participant.incoming.push_back(&stream.end);
    members_[from]->publication->setPath(stream.end, control.path(1));
  }
  members_[from]->publication->setLegsBefore(controls_[*memberControls_[from]].path(0).legs.size());
}

void Call::takePath(std::size_t number, std::size_t side) {
  Control& control = controls_[number];
  const path::Path& path = control.path(side);
  control.traffic->setPath(side, path);
  if (!group()) {
    members_[side]->flow.path = &path;
    if (video_) video_->setPath(side, false, path);
    return;
  }
  for (std::size_t i = 0; video_ && i < members_.size(); ++i)
    if (members_[i]->element == control.near) video_->setPath(i, side == 1, path);
  if (side == 0) {
    // To the media processor, whether somebody listens there or not.
    for (const auto& member : members_) {
      if (member->element != control.near || !member->publication) continue;
      member->flow.path = &path;
      member->publication->setLegsBefore(path.legs.size());
    }
    return;
  }
  for (const auto& member : members_)
    if (member->mix != nullptr && member->element == control.near) member->mix->setPath(path);
  for (Stream& stream : streams_) {
    if (stream.joined && stream.hops[1].control == number)
      members_[stream.from]->publication->setPath(stream.end, path);
  }
}

// Its client leaves the call, or (of a pair) both do.
void Call::drop(Control& control, TimePoint now) {
  control.joined = false;
  control.traffic->stop(now);
  const Signaling* const overHttps = control.session->signaling();
  const bool heard = overHttps == nullptr || overHttps->allHeard();
  control.session->close();
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const auto& member = members_[i];
    if (!concerns(control, *member)) continue;
    if (video_) video_->stop(i, now);
    member->left = now;
    member->ending = signaling::lossOf(heard);
    if (member->participant.outgoing) member->participant.outgoing->stop();
    if (member->mix != nullptr) member->mix->stop();
  }
  if (!group()) return;
  for (Stream& stream : streams_) {
    if (!concerns(control, *members_[stream.to])) continue;
    members_[stream.from]->participant.outgoing->tell();
    members_[stream.from]->publication->removeFork(stream.end);
  }
}

}  // namespace callflow::sim
