#include "src/sim/signaling.h"

#include <algorithm>
#include <utility>

namespace callflow::sim {

using signaling::Message;
using signaling::Step;
using topology::ElementId;
using topology::ElementKind;

namespace {

signaling::Callee calleeOf(const topology::Call& call) {
  const bool rings =
      std::any_of(call.participants.begin(), call.participants.end(),
                  [](const auto& who) { return who.telephone != topology::Telephone::none; });
  return rings ? signaling::Callee::telephone : signaling::Callee::client;
}

}  // namespace

Signaling::Signaling(IceNetwork& network, const topology::Call& call,
                     const std::array<ElementId, 2>& ends, Action begin, Action ended)
    : network_(network),
      lane_(network.wiring().network().fabric().simulator().addLane(*this, 0)),
      callee_(calleeOf(call)),
      begin_(std::move(begin)),
      ended_(std::move(ended)) {
  for (const std::size_t i : {0U, 1U}) addEnd(i, call, ends[i]);
  const auto &here = ends_[0].region, &there = ends_[1].region;
  if (!here || !there || *here == *there) return;
  if (const auto way = graph().route(*here, *there)) backbone_ = graph().baseDelay(*way);
}

void Signaling::addEnd(std::size_t i, const topology::Call& call, ElementId element) {
  End& end = ends_[i];
  end.element = element;
  end.isClient = graph().element(element).kind == ElementKind::participant;
  if (!end.isClient) {
    // A customer's own stands nowhere in Azure: who asks for it is as near as its server is.
    end.region = graph().region(graph().element(element).site);
    return;
  }
  report_.lines[i] = SignalingReport::Line{};
  const auto server = graph().signaling(element);
  if (!server) return;
  end.region = graph().region(graph().element(*server).site);
  end.line = std::make_unique<SignalingLine>(network_, call, element, *server, [this, i] {
    setUp_->reached(static_cast<signaling::Party>(i));
    std::optional<Duration>& stands = report_.lines[i]->stands;
    if (!stands) stands = now() - started_;
  });
  report_.lines[i]->server = graph().element(*server).name;
  report_.lines[i]->throughProxy = end.line->throughProxy();
}

// A resolver's answer from what it remembers: it stands where the traffic leaves.
Duration Signaling::resolving(const End& end) const {
  Duration roundTrip;
  if (end.line == nullptr) return roundTrip;
  const auto way = graph().route(end.element, end.line->server());
  if (!way) return roundTrip;
  for (const topology::DirectedLinkId id : *way) {
    const topology::DirectedLink& link = graph().link(id);
    roundTrip += link.parameters.delay + graph().link(link.reverse).parameters.delay;
    const ElementKind at = graph().element(link.to).kind;
    if (at == ElementKind::internetPop || at == ElementKind::azureEdge) break;
  }
  return roundTrip;
}

void Signaling::start() {
  started_ = now();
  setUp_.emplace(started_, callee_);
  for (const std::size_t i : {0U, 1U}) {
    End& end = ends_[i];
    end.shut = end.isClient && (end.line == nullptr || end.line->refusal());
    if (end.line == nullptr) continue;
    later(resolving(end), [this, i] {
      report_.lines[i]->resolved = now() - started_;
      ends_[i].line->open();
    });
  }
  if (ends_[0].line != nullptr) {
    later(resolving(ends_[0]), [this] {
      done(Step::resolve);
      begin_();
    });
  }
  lookAtDeadline();
}

void Signaling::later(Duration wait, Action what) {
  actions_.push_back(std::move(what));
  network_.wiring().network().fabric().simulator().pushOutOfOrder(
      lane_, now() + wait, static_cast<std::uint32_t>(actions_.size() - 1));
}

void Signaling::onRecord(std::uint32_t, std::uint32_t payload, TimePoint) {
  const Action what = std::exchange(actions_[payload], {});
  if (!hasEnded() && !closed_) what();
}

void Signaling::done(Step step) {
  setUp_->done(step, now());
  report_.steps[static_cast<std::size_t>(step)] = *setUp_->at(step) - started_;
}

void Signaling::send(std::size_t from, Message what, Action arrived) {
  const auto atService = [this, from, what, arrived = std::move(arrived)] {
    if (from == 0 && what == Message::invite) done(Step::invite);
    across(1 - from, what, arrived);
  };
  if (ends_[from].line != nullptr) {
    ends_[from].line->toService(signaling::sizeOf(what), atService);
  } else if (!ends_[from].isClient) {
    atService();
  }
}

void Signaling::across(std::size_t to, Message what, const Action& arrived) {
  const auto come = [this, to, what, arrived] {
    if (hasEnded() || closed_) return;
    if (to == 1 && what == Message::invite) done(Step::notify);
    if (to == 0 && what == Message::answer) done(Step::answer);
    arrived();
  };
  later(backbone_, [this, to, what, come] {
    if (ends_[to].line != nullptr) {
      ends_[to].line->toClient(signaling::sizeOf(what), come);
    } else if (!ends_[to].isClient) {
      come();
    }
  });
}

void Signaling::allocated(std::size_t end) {
  done(end == 0 ? Step::allocate : Step::allocateCallee);
}

void Signaling::connected(std::size_t i) {
  if (std::exchange(ends_[i].connected, true)) return;
  if (std::any_of(ends_.begin(), ends_.end(),
                  [](const End& end) { return end.isClient && !end.connected; }))
    return;
  done(Step::media);
  for (End& end : ends_) {
    end.told = !end.isClient;
    if (end.line == nullptr) continue;
    end.line->toService(signaling::sizeOf(Message::telemetry), [this, &end] {
      end.told = true;
      if (ends_[0].told && ends_[1].told) done(Step::telemetry);
    });
  }
}

void Signaling::lookAtDeadline() {
  if (const auto deadline = setUp_->deadline()) later(*deadline - now(), [this] { look(); });
}

void Signaling::look() {
  const auto code = setUp_->look(now());
  if (!code) return;
  report_.end = SignalingReport::End{now() - started_, *code,
                                     missing().value_or("no path for media in time")};
  ended_();
}

std::optional<SignalingReport::End> Signaling::failure() const {
  if (hasEnded()) return report_.end;
  if (setUp_->established()) return std::nullopt;
  auto why = missing();
  if (!why) return std::nullopt;
  return SignalingReport::End{signaling::establishment(callee_), setUp_->ending(), std::move(*why)};
}

bool Signaling::allHeard() const {
  return std::all_of(ends_.begin(), ends_.end(),
                     [](const End& end) { return end.line == nullptr || end.line->idle(); });
}

std::optional<std::string> Signaling::missing() const {
  for (const std::size_t i : {0U, 1U}) {
    if (!ends_[i].isClient || report_.lines[i]->stands) continue;
    const std::string& who = graph().element(ends_[i].element).name;
    if (ends_[i].line == nullptr) return "no Azure region serves " + who;
    return who + " has no connection to " + report_.lines[i]->server + ": " +
           ends_[i].line->refusal().value_or("no answer from it");
  }
  return std::nullopt;
}

}  // namespace callflow::sim
