#include "src/results/call_story.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace callflow::results {

namespace {

using metrics::CallEvent;
using metrics::CallEventKind;
using metrics::CallRecord;
using metrics::RunRecord;
using Runs = std::vector<const RunRecord*>;

// Two clients notice the same break within so long: each sees it by checks of its own, that leave
// every 2.5 s at the latest (libwebrtc's weak and stable intervals, p2p/base/p2p_constants.h).
constexpr Duration kTogether = Duration::s(3);
// Who finds a pair and then a better one has moved to the better one.
constexpr Duration kSettling = Duration::s(1);

// A code at the end that is none of success: "410/301005".
bool isFailure(const CallEvent& event) {
  return event.kind == CallEventKind::ended && !event.detail.empty() && event.detail != "0/0";
}

class Teller {
 public:
  explicit Teller(const CallRecord& call) : call_(call) {}

  std::vector<Moment> moments() {
    for (std::size_t i = 0; i < call_.events.size(); ++i) {
      if (isTold(i) && isNews(call_.events[i])) add(call_.events[i]);
      note(call_.events[i]);
    }
    return std::move(moments_);
  }

 private:
  bool isTold(std::size_t i) const {
    const CallEvent& event = call_.events[i];
    switch (event.kind) {
      case CallEventKind::ended:
        return isFailure(event) && heard_.contains(event.participant);
      case CallEventKind::disconnected:
      case CallEventKind::restart:
      case CallEventKind::failed:
      case CallEventKind::connected:
        return connected_.contains(event.participant);
      case CallEventKind::selected:
        return selected_.contains(event.participant) && stands(event) &&
               selected_.at(event.participant) != event.detail && !isOvertaken(i);
      default:
        return false;
    }
  }
  // A client that tries again and again has told all by then.
  bool isNews(const CallEvent& event) {
    std::set<CallEventKind>& told = told_[event.participant];
    if (event.kind == CallEventKind::connected) told.clear();
    if (event.kind == CallEventKind::selected) return true;
    return told.insert(event.kind).second;
  }
  // Not before the call was set up.
  bool stands(const CallEvent& event) const {
    return call_.scoredFrom > Duration{} && event.at >= call_.scoredFrom;
  }
  bool isOvertaken(std::size_t i) const {
    const CallEvent& event = call_.events[i];
    return std::any_of(call_.events.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                       call_.events.end(), [&](const CallEvent& later) {
                         return later.participant == event.participant &&
                                later.kind == CallEventKind::selected &&
                                later.at - event.at < kSettling;
                       });
  }

  void add(const CallEvent& event) {
    // The last of its kind may be of others who met the same.
    const auto last = std::find_if(moments_.rbegin(), moments_.rend(),
                                   [&](const Moment& m) { return m.kind == event.kind; });
    const bool together =
        last != moments_.rend() && event.at - last->at <= kTogether &&
        (event.kind != CallEventKind::ended || last->detail == event.detail) &&
        std::find(last->who.begin(), last->who.end(), event.participant) == last->who.end();
    if (together) {
      last->who.push_back(event.participant);
      // Who is relayed himself knows by what.
      if (event.kind == CallEventKind::selected && pathOf(last->detail) == kPeersRelay)
        last->detail = event.detail;
    } else {
      moments_.push_back({event.at, event.kind, event.detail, {event.participant}});
    }
  }

  void note(const CallEvent& event) {
    if (event.kind == CallEventKind::connected) connected_.insert(event.participant);
    if (event.kind == CallEventKind::media) heard_.insert(event.participant);
    if (event.kind == CallEventKind::selected) selected_[event.participant] = event.detail;
  }

  const CallRecord& call_;
  // Who has been so before, and the pair of each.
  std::set<std::string> connected_, heard_;
  std::map<std::string, std::string> selected_;
  std::map<std::string, std::set<CallEventKind>> told_;  // since it was connected last
  std::vector<Moment> moments_;
};

std::string namesOf(const Moment& moment, std::size_t participants) {
  if (moment.who.size() > 1 && moment.who.size() == participants)
    return participants == 2 ? "both" : "all";
  constexpr std::size_t kMost = 3;
  if (moment.who.size() > kMost) {
    return fmt::format("{} and {} more", moment.who.front(), moment.who.size() - 1);
  }
  std::string names;
  for (std::size_t i = 0; i < moment.who.size(); ++i) {
    if (i > 0) names += i + 1 == moment.who.size() ? " and " : ", ";
    names += moment.who[i];
  }
  return names;
}

// Calls and participants in the order in which they first come.
template <class Key, class Value>
class InOrder {
 public:
  // The value of a key, made of `fresh` if it is new.
  Value& at(const Key& key, const Value& fresh) {
    const auto [found, isNew] = places_.try_emplace(key, values_.size());
    if (isNew) values_.push_back(fresh);
    return values_[found->second];
  }
  std::vector<Value> take() { return std::move(values_); }

 private:
  std::map<Key, std::size_t> places_;
  std::vector<Value> values_;
};

}  // namespace

std::vector<Moment> midCall(const CallRecord& call) {
  return Teller(call).moments();
}

std::string pathOf(const std::string& pair) {
  const std::size_t middle = std::min(pair.find(" - "), pair.size());
  const std::string_view local = std::string_view(pair).substr(0, middle);
  const std::string_view remote = std::string_view(pair).substr(middle);
  if (local.starts_with("relay")) {
    const std::size_t by = local.find(" by ");
    return by == std::string_view::npos ? "relay" : "relay " + std::string(local.substr(by + 4));
  }
  const auto has = [&](std::string_view type) { return pair.find(type) != std::string::npos; };
  if (remote.find("relay") != std::string_view::npos) return std::string(kPeersRelay);
  return has("srflx") ? "srflx" : has("prflx") ? "prflx" : "host";
}

std::string deedOf(const Moment& moment) {
  switch (moment.kind) {
    case CallEventKind::disconnected:
      return "disconnected";
    case CallEventKind::restart:
      return "restarted ICE";
    case CallEventKind::connected:
      return "connected again";
    case CallEventKind::failed:
      return "failed";
    case CallEventKind::selected:
      return "moved to " + pathOf(moment.detail);
    case CallEventKind::ended:
      return "ended with " + moment.detail;
    default:
      return std::string(metrics::name(moment.kind));
  }
}

std::string wordsOf(const Moment& moment, std::size_t participants) {
  return fmt::format("{:.1f} s {} {}", moment.at.seconds(), namesOf(moment, participants),
                     deedOf(moment));
}

std::string wordsOf(const std::vector<Moment>& moments, std::size_t participants,
                    std::size_t most) {
  const std::size_t all = moments.size();
  // The last says how it came out, and is never left out.
  const std::size_t untold = most == 0 || all <= most ? 0 : all - most;
  std::vector<std::string> words;
  for (std::size_t i = 0; i < all; ++i) {
    if (untold > 0 && i + 1 == all) words.push_back(fmt::format("{} more", untold));
    if (untold == 0 || i + 1 < most || i + 1 == all)
      words.push_back(wordsOf(moments[i], participants));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

std::vector<CallStory> storiesOf(const Runs& runs) {
  InOrder<std::pair<std::string, int>, CallStory> stories;
  for (const RunRecord* run : runs) {
    for (const CallRecord& call : run->calls) {
      CallStory fresh{call.call,    call.copy, 0, run->replication, call.participants.size(),
                      midCall(call)};
      if (!fresh.moments.empty()) ++stories.at({call.call, call.copy}, fresh).runs;
    }
  }
  return stories.take();
}

std::vector<SetUpSummary> setUpOf(const Runs& runs) {
  using Steps = std::vector<SetUpSummary>;  // of a participant
  InOrder<std::tuple<std::string, int, std::string>, Steps> participants;
  for (const RunRecord* run : runs) {
    for (const CallRecord& call : run->calls) {
      for (const metrics::CallParticipant& who : call.participants) {
        if (who.steps.empty()) continue;
        Steps& steps = participants.at({call.call, call.copy, who.name}, {});
        for (const metrics::SetUpStep& step : who.steps) {
          auto sum = std::find_if(steps.begin(), steps.end(), [&](const SetUpSummary& known) {
            return known.step == step.step;
          });
          if (sum == steps.end()) {
            sum = steps.insert(
                sum, {call.call, call.copy, who.name, step.step, 0, step.at, {}, step.at});
          }
          ++sum->runs;
          sum->least = std::min(sum->least, step.at);
          sum->most = std::max(sum->most, step.at);
          sum->mean += step.at;  // their sum, until all are there
        }
      }
    }
  }
  std::vector<SetUpSummary> all;
  for (Steps& steps : participants.take()) {
    for (SetUpSummary& sum : steps) {
      sum.mean = sum.mean / sum.runs;
      all.push_back(std::move(sum));
    }
  }
  return all;
}

std::vector<EndSummary> endsOf(const Runs& runs) {
  InOrder<std::tuple<std::string, int, std::string, int, int>, EndSummary> ends;
  for (const RunRecord* run : runs) {
    for (const CallRecord& call : run->calls) {
      for (const metrics::CallParticipant& who : call.participants) {
        if (who.code == 0 && who.subcode == 0) continue;
        ++ends.at({call.call, call.copy, who.name, who.code, who.subcode},
                  {call.call, call.copy, who.name, who.code, who.subcode, 0})
              .runs;
      }
    }
  }
  return ends.take();
}

}  // namespace callflow::results
