// The paths that differ, and why.
#include <fmt/format.h>

#include <algorithm>

#include "src/compare/alike.h"
#include "src/compare/words.h"

namespace callflow::compare {
namespace {

// Streams up to here are named one by one.
constexpr std::size_t kMostNamed = 3;

bool sameOutcome(const metrics::PathAttempt& a, const metrics::PathAttempt& b) {
  return a.kind == b.kind && a.chosen == b.chosen &&
         withoutPlaces(a.reason) == withoutPlaces(b.reason);
}

// "A not direct"
std::string headOf(std::string_view who, const metrics::PathAttempt& attempt) {
  const std::string_view takes = who == "both" ? "take" : "takes";
  return fmt::format("{} {} {}", who, attempt.chosen ? takes : "not", attempt.kind);
}

// Calls `tell` with what both tried with the same outcome, then with what each did.
template <class Tell>
void forEachAttempt(const PathSide& a, const PathSide& b, Tell tell) {
  const auto shared = [](const metrics::PathAttempt& one, const PathSide& other) {
    return std::any_of(other.attempts.begin(), other.attempts.end(),
                       [&](const auto& attempt) { return sameOutcome(one, attempt); });
  };
  for (const auto& attempt : a.attempts)
    if (shared(attempt, b)) tell(headOf("both", attempt), attempt.reason);
  for (const auto& attempt : a.attempts)
    if (!shared(attempt, b)) tell(headOf("A", attempt), attempt.reason);
  for (const auto& attempt : b.attempts)
    if (!shared(attempt, a)) tell(headOf("B", attempt), attempt.reason);
}

// "alice - hq-firewall - relay (tcp), relay - bob (udp)"
std::string legsText(const PathSide& side) {
  std::string text;
  for (const metrics::Leg& leg : side.legs) {
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", fmt::join(leg.nodes, " - "),
                        leg.transport);
  }
  return text;
}

// Of paths of the same kind, which way each goes.
std::string legsOf(const PathDifference& d) {
  std::string legs;
  if (d.a.path != d.b.path) return legs;
  if (!d.a.legs.empty()) legs += fmt::format("      A {}\n", legsText(d.a));
  if (!d.b.legs.empty()) legs += fmt::format("      B {}\n", legsText(d.b));
  return legs;
}

// Every stream; those of which the very same is to be said stand together.
std::string everyPath(const std::vector<PathDifference>& paths) {
  struct Group {
    std::string streams, details, legs;
  };
  std::vector<Group> groups;
  for (const PathDifference& d : paths) {
    std::string details = fmt::format("      {} -> {}\n", pathText(d.a), pathText(d.b));
    forEachAttempt(d.a, d.b, [&](const std::string& head, const std::string& reason) {
      details += "      " + head + ": " + reason + "\n";
    });
    const auto known = std::find_if(groups.begin(), groups.end(),
                                    [&](const Group& g) { return g.details == details; });
    if (known == groups.end()) {
      groups.push_back({"    " + streamText(d), details, legsOf(d)});
    } else {
      known->streams += ", " + streamText(d);
      known->legs += legsOf(d);
    }
  }
  std::string text;
  for (const Group& g : groups) text += g.streams + ":\n" + g.details + g.legs;
  return text;
}

// "standup: 6 streams, standby alice@hq -> bob@hq audio"
std::string streamsOf(const std::vector<const PathDifference*>& group) {
  std::vector<std::string> names;
  if (group.size() <= kMostNamed) {
    for (const PathDifference* d : group) names.push_back(streamText(*d));
    return fmt::format("{}", fmt::join(names, ", "));
  }
  std::vector<std::pair<std::string, std::size_t>> calls;
  for (const PathDifference* d : group) {
    if (calls.empty() || calls.back().first != d->call) calls.emplace_back(d->call, 0);
    ++calls.back().second;
  }
  for (const auto& [call, count] : calls)
    names.push_back(fmt::format("{} ({} stream{})", call, count, count == 1 ? "" : "s"));
  return listing(names, kMostNamed);
}

// By the kinds of path, and each reason once.
std::string pathsByReason(const std::vector<PathDifference>& paths) {
  struct Group {
    std::string change;
    std::vector<const PathDifference*> streams;
    Told told;
  };
  std::vector<Group> groups;
  for (const PathDifference& d : paths) {
    const std::string change = fmt::format("{} -> {}", pathText(d.a), pathText(d.b));
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const Group& g) { return g.change == change; });
    if (group == groups.end()) group = groups.insert(groups.end(), Group{change, {}, {}});
    group->streams.push_back(&d);
    forEachAttempt(d.a, d.b, [&](const std::string& head, const std::string& reason) {
      group->told.add(head, reason);
    });
  }
  std::string text;
  for (const Group& g : groups) {
    text += "    " + streamsOf(g.streams) + ":\n      " + g.change + "\n" + g.told.text("      ");
    for (std::size_t i = 0; i < std::min(g.streams.size(), kMostNamed); ++i)
      text += legsOf(*g.streams[i]);
  }
  return text;
}

}  // namespace

std::string pathsText(const std::vector<PathDifference>& paths, const Layout& layout) {
  return layout.verbose ? everyPath(paths) : pathsByReason(paths);
}

}  // namespace callflow::compare
