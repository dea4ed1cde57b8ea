// ICE agents by themselves: priorities, when checks leave, what is selected, what is lost when.
#include <catch2/catch.hpp>

#include <variant>

#include "models/ice/selection.h"
#include "models/ice/timers.h"
#include "tests/models/ice_support.h"
#include "tests/support/show_units.h"

namespace callflow {
namespace {

using ice::CandidateType;
using ice::LocalPreference;
using ice::Preferences;
using ice::RelayProtocol;
using ice::State;
using testing::Both;
using testing::endpoint;
using testing::hostAt;

TimePoint at(Duration time) {
  return TimePoint::at(time);
}

std::uint32_t priorityOf(CandidateType type, std::optional<RelayProtocol> relay = {},
                         Preferences preferences = Preferences::m150) {
  LocalPreference local;
  local.servers = relay ? 1 : 0;
  return ice::priority(ice::typePreference(type, relay, preferences), local.value());
}

TEST_CASE("candidates have the priorities that Chrome writes into its SDP") {
  CHECK(priorityOf(CandidateType::host) == 2122260223);
  CHECK(priorityOf(CandidateType::serverReflexive) == 1686052607);
  CHECK(priorityOf(CandidateType::relayed, RelayProtocol::udp) == 58662911);
  CHECK(priorityOf(CandidateType::relayed, RelayProtocol::tcp) == 25108479);
  CHECK(priorityOf(CandidateType::relayed, RelayProtocol::tls) == 8331263);
  // Until M125 relays over UDP had 2: 2^24 less.
  CHECK(priorityOf(CandidateType::relayed, RelayProtocol::udp, Preferences::m125) ==
        58662911 - 16777216);
  // A peer-reflexive one has 110 for 126: 16 * 2^24 less than the host's.
  CHECK(ice::peerReflexivePriority(hostAt(endpoint(1, 1))) == 2122260223 - 16 * 16777216);
}

TEST_CASE("the first interface and the first server come first") {
  LocalPreference second;
  second.interface = 1;
  CHECK(LocalPreference{}.value() == 127 * 256 + 30);
  CHECK(second.value() == 126 * 256 + 30);
  LocalPreference relay;
  relay.servers = 2;
  CHECK(relay.value() == 127 * 256 + 30 + 2);
  relay.server = 1;
  CHECK(relay.value() == 127 * 256 + 30 + 1);
}

TEST_CASE("a pair's priority is RFC 8445's, the same for both sides") {
  // 2^32 * min + 2 * max + (controlling is more ? 1 : 0), by hand of small numbers.
  CHECK(ice::pairPriority(3, 5) == 3 * 4294967296 + 10);
  CHECK(ice::pairPriority(5, 3) == 3 * 4294967296 + 11);
  CHECK(ice::pairPriority(4, 4) == 4 * 4294967296 + 8);
}

TEST_CASE(
    "a check leaves at once, then each fourth tick while none is answered, and says what it must") {
  Both both(Duration::ms(100));
  both.begin();
  both.run(at(Duration::ms(150)));
  const auto& sent = both.worlds[0].sent;
  // The other's first check is answered at 100 ms, between its own. The first tick later than 48 ms
  // after one is the fourth: 62.5 ms.
  std::vector<Duration> requests;
  for (const auto& each : sent) {
    const auto parsed = stun::parse(each.bytes);
    REQUIRE(parsed);
    if (parsed->message.messageClass != stun::Class::request) continue;
    requests.push_back(each.at.sinceStart());
    CHECK(parsed->message.controlling.has_value());
    CHECK(parsed->message.useCandidate);  // no pair is selected yet
    CHECK(parsed->message.priority == 2122260223 - 16 * 16777216);
    CHECK(parsed->message.username ==
          both.agents[1].credentials().fragment + ":" + both.agents[0].credentials().fragment);
    CHECK(stun::verify(each.bytes, stun::Key::shortTerm(both.agents[1].credentials().password)));
    CHECK(each.bytes.size() == 100);
  }
  CHECK(requests == std::vector<Duration>{Duration{}, Duration::us(62'500), Duration::ms(125)});
  CHECK(both.worlds[0].selected.empty());
}

TEST_CASE("a pair is selected when its first check is answered, by both sides") {
  Both both(Duration::ms(100));
  both.begin();
  both.run(at(Duration::s(1)));
  for (const std::size_t i : {0U, 1U}) {
    REQUIRE(both.worlds[i].selected.size() == 1);
    CHECK(both.worlds[i].selected.front().first == at(Duration::ms(200)));
    REQUIRE(both.agents[i].selected() != nullptr);
    CHECK(both.agents[i].selected()->local().type == CandidateType::host);
    CHECK(both.agents[i].state() == State::completed);
  }
}

TEST_CASE("what is never answered fails at the first look more than 15 s after its first check") {
  Both both(Duration::ms(100));
  both.passes = [](std::size_t, TimePoint) { return false; };
  both.begin();
  both.run(at(Duration::s(20)));
  REQUIRE(both.worlds[0].states.size() == 2);
  CHECK(both.worlds[0].states[0].second == State::checking);
  CHECK(both.worlds[0].states[1].second == State::failed);
  // Looks are 62.5 ms apart: the 240th is 15 s after the first, to the nanosecond.
  CHECK(both.worlds[0].states[1].first == at(Duration::us(15'062'500)));
}

TEST_CASE(
    "a path that dies is lost 5 s after the first check without an answer, for good after 15 s") {
  Both both(Duration::ms(100));
  both.passes = [](std::size_t, TimePoint when) { return when < at(Duration::s(12)); };
  both.begin();
  both.run(at(Duration::s(40)));
  // The last check with an answer, and the first without one, by its own list of what it sent.
  std::optional<TimePoint> first;
  for (const auto& each : both.worlds[0].sent) {
    const auto parsed = stun::parse(each.bytes);
    if (parsed->message.messageClass == stun::Class::request &&
        each.at >= at(Duration::ms(11'900)) && !first)
      first = each.at;
  }
  REQUIRE(first);
  std::vector<std::pair<TimePoint, State>> changes;
  for (const auto& change : both.worlds[0].states)
    if (change.first > at(Duration::s(12))) changes.push_back(change);
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].second == State::disconnected);
  // Noticed at a look, which are 62.5 ms apart by then.
  CHECK(changes[0].first > *first + Duration::s(5));
  CHECK(changes[0].first <= *first + Duration::s(5) + Duration::us(62'500));
  CHECK(changes[1].second == State::failed);
  CHECK(changes[1].first == changes[0].first + Duration::s(10));
}

TEST_CASE("who still hears the other, but is not heard, fails once") {
  Both both(Duration::ms(100));
  both.passes = [](std::size_t from, TimePoint when) {
    return from == 0 || when < at(Duration::s(12));
  };
  both.begin();
  both.run(at(Duration::s(60)));
  std::vector<State> changes;
  for (const auto& [when, state] : both.worlds[1].states)
    if (when > at(Duration::s(12))) changes.push_back(state);
  CHECK(changes == std::vector{State::disconnected, State::failed});
}

TEST_CASE("an outage that ends in time is forgotten") {
  Both both(Duration::ms(100));
  both.passes = [](std::size_t, TimePoint when) {
    return when < at(Duration::s(12)) || when >= at(Duration::s(15));
  };
  both.begin();
  both.run(at(Duration::s(40)));
  for (const auto& [when, state] : both.worlds[0].states) CHECK(state != State::disconnected);
  CHECK(both.agents[0].selected() != nullptr);
  CHECK(both.agents[0].selected()->writable());
}

TEST_CASE(
    "a stable pair is checked at the first look after 2.5 s, and each side's consent with it") {
  Both both(Duration::ms(10));
  both.begin();
  both.run(at(Duration::s(60)));
  std::vector<TimePoint> requests;
  for (const auto& each : both.worlds[0].sent) {
    const auto parsed = stun::parse(each.bytes);
    if (parsed->message.messageClass == stun::Class::request) requests.push_back(each.at);
  }
  // Three at the weak interval, and others 900 ms apart until five are answered. A look for 48 ms
  // is each fourth tick, one for 250 ms each 17th. The third check finds that there are to be
  // three: the look after it is a short one. 900 ms are over at the fourth long one after that, or
  // from the check before, and 2500 at the tenth.
  const Duration shortLook = ice::kTick * 4, longLook = ice::kTick * 17;
  CHECK(requests[1] - requests[0] == shortLook);
  CHECK(requests[2] - requests[1] == shortLook);
  CHECK(requests[3] - requests[2] == shortLook + longLook * 4);
  CHECK(requests[4] - requests[3] == longLook * 4);
  CHECK(requests[5] - requests[4] == longLook * 10);
  // Media would keep the pair receiving, and does not here: 2.5 s after the other side's check a
  // look finds it silent, checks it, and another follows soon.
  CHECK(requests[6] - requests[5] == shortLook + longLook * 10);
  CHECK(requests.size() < 40);
}

TEST_CASE(
    "a check from an unknown address makes a peer-reflexive candidate with the check's priority") {
  Both both(Duration::ms(10));
  both.agents[0].gather(TimePoint{});
  both.agents[1].gather(TimePoint{});
  both.agents[0].setRemote(both.agents[1].credentials(), TimePoint{});
  both.agents[1].setRemote(both.agents[0].credentials(), TimePoint{});
  // Only the first knows where the other is.
  both.agents[0].addRemoteCandidate(hostAt(both.worlds[1].socket), TimePoint{});
  both.run(at(Duration::ms(15)));
  REQUIRE(both.agents[1].pairs().size() == 1);
  const ice::Pair& pair = *both.agents[1].pairs().front();
  CHECK(pair.remote().type == CandidateType::peerReflexive);
  CHECK(pair.remote().address == both.worlds[0].socket);
  CHECK(pair.remote().priority == 2122260223 - 16 * 16777216);
  // It is told of it later: the same address, and what it really is.
  both.agents[1].addRemoteCandidate(hostAt(both.worlds[0].socket), at(Duration::ms(15)));
  CHECK(both.agents[1].pairs().size() == 1);
  CHECK(both.agents[1].pairs().front()->remote().type == CandidateType::host);
}

TEST_CASE("who does not know the password is not answered") {
  Both both(Duration::ms(10));
  both.agents[1].gather(TimePoint{});
  both.agents[1].setRemote({"abcd", "not the password, at all"}, TimePoint{});
  stun::Message check;
  check.method = stun::Method::binding;
  check.username = both.agents[1].credentials().fragment + ":abcd";
  check.priority = 1;
  const stun::Key wrong = stun::Key::shortTerm("guessed");
  both.agents[1].onDatagram(both.worlds[1].socket, both.worlds[0].socket,
                            stun::encode(check, &wrong, true), TimePoint{});
  CHECK(both.worlds[1].sent.empty());
  CHECK(both.agents[1].pairs().empty());
}

// ---- which pair is best

ice::Pair pairOf(ice::PairNumber number, std::uint32_t local, std::uint32_t remote) {
  ice::Candidate mine = hostAt(endpoint(1, 1)), theirs = hostAt(endpoint(2, 2));
  mine.priority = local;
  theirs.priority = remote;
  return {number, 0, 0, mine, theirs, TimePoint{}};
}

void answer(ice::Pair& pair, Duration roundTrip) {
  const stun::TransactionId id{static_cast<std::uint8_t>(pair.number())};
  pair.checkSent(id, TimePoint{});
  pair.answered(id, TimePoint::at(roundTrip));
}

TEST_CASE("what works is better than what has the higher priority, and that than what is faster") {
  ice::Pair works = pairOf(1, 10, 10), better = pairOf(2, 20, 20);
  answer(works, Duration::ms(10));
  CHECK(ice::compare(works, better, ice::Role::controlling) > 0);
  CHECK(ice::shouldSwitch(nullptr, works, ice::Role::controlling));
  CHECK_FALSE(ice::shouldSwitch(&works, better, ice::Role::controlling));
  answer(better, Duration::ms(500));
  CHECK(ice::shouldSwitch(&works, better, ice::Role::controlling));
  CHECK_FALSE(ice::shouldSwitch(&better, works, ice::Role::controlling));
}

TEST_CASE("of equals one that is 10 ms faster is worth a change") {
  ice::Pair slow = pairOf(1, 10, 10), fast = pairOf(2, 10, 10), faster = pairOf(3, 10, 10);
  answer(slow, Duration::ms(50));
  answer(fast, Duration::ms(41));
  answer(faster, Duration::ms(40));
  CHECK_FALSE(ice::shouldSwitch(&slow, fast, ice::Role::controlling));
  CHECK(ice::shouldSwitch(&slow, faster, ice::Role::controlling));
}

TEST_CASE("the controlled side follows the nomination") {
  ice::Pair nominated = pairOf(1, 10, 10), other = pairOf(2, 20, 20);
  answer(nominated, Duration::ms(10));
  answer(other, Duration::ms(10));
  nominated.checked(true, TimePoint::at(Duration::ms(10)));
  CHECK(ice::compare(nominated, other, ice::Role::controlled) > 0);
  CHECK(ice::compare(nominated, other, ice::Role::controlling) < 0);
}

TEST_CASE(
    "a check nominates what is selected or better; towards an ICE-lite server only what works") {
  ice::Pair selected = pairOf(1, 20, 20), worse = pairOf(2, 10, 10), better = pairOf(3, 30, 30);
  CHECK(ice::nominates(worse, nullptr, false));
  answer(selected, Duration::ms(10));
  CHECK(ice::nominates(selected, &selected, false));
  CHECK(ice::nominates(better, &selected, false));
  CHECK_FALSE(ice::nominates(worse, &selected, false));
  CHECK_FALSE(ice::nominates(better, &selected, true));
  CHECK(ice::nominates(selected, &selected, true));
}

}  // namespace
}  // namespace callflow
