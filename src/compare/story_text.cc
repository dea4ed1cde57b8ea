#include "src/compare/story_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

#include "src/compare/alike.h"

namespace callflow::compare {

namespace {

using results::CallStory;
using results::Moment;
using results::SetUpSummary;

constexpr std::size_t kMostCalls = 4;
// Of calls that fared differently, the most frequent.
constexpr std::size_t kMostGroups = 4;

// The same for calls to which the same happened, whoever met it and when.
std::string keyOf(const CallStory& story) {
  std::string key = std::to_string(story.runs);
  for (const Moment& moment : story.moments)
    key += fmt::format("\n{} {}", moment.who.size(), deedOf(moment));
  return key;
}

struct Group {
  std::string key;
  const CallStory* first;
  std::vector<std::string> calls;
};

std::vector<Group> groupsOf(const std::vector<CallStory>& stories, bool each) {
  std::vector<Group> groups;
  for (const CallStory& story : stories) {
    const std::string key = keyOf(story);
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const Group& g) { return !each && g.key == key; });
    if (group == groups.end()) group = groups.insert(groups.end(), {key, &story, {}});
    group->calls.push_back(story.copy == 0 ? story.call
                                           : fmt::format("{}#{}", story.call, story.copy));
  }
  return groups;
}

std::string timeText(Duration time) {
  return time < Duration::s(10) ? fmt::format("{:.0f} ms", time.milliseconds())
                                : fmt::format("{:.1f} s", time.seconds());
}

std::string capitals(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

std::string whereText(const CallStory& story, int runs, const std::string& call) {
  std::string in;
  if (runs > 1) {
    in = story.runs == runs ? fmt::format("in all {} runs; ", runs)
                            : fmt::format("in {} of {} runs; ", story.runs, runs);
  }
  std::string of = call;
  if (runs > 1) of += fmt::format("{}run {}", of.empty() ? "" : ", ", story.replication);
  return of.empty() ? "" : fmt::format(" ({}times of {})", in, of);
}

std::string storiesText(const results::VariantSummary& v, const Layout& layout) {
  std::string text;
  std::vector<Group> groups = groupsOf(v.stories, layout.verbose);
  std::size_t others = 0;
  if (!layout.verbose && groups.size() > kMostGroups) {
    std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
      return a.calls.size() > b.calls.size();
    });
    for (std::size_t i = kMostGroups; i < groups.size(); ++i) others += groups[i].calls.size();
    groups.resize(kMostGroups);
  }
  for (const Group& group : groups) {
    text += fmt::format(
        "{}: call{} {}: {}{}\n", v.variant, group.calls.size() == 1 ? "" : "s",
        listing(group.calls, kMostCalls),
        wordsOf(group.first->moments, group.first->participants, layout.verbose ? 0 : kMostMoments),
        whereText(*group.first, v.runs, group.calls.size() > 1 ? group.calls.front() : ""));
  }
  if (others > 0)
    text += fmt::format("{}: {} more calls fared otherwise; -v tells of each\n", v.variant, others);
  return text;
}

std::string setUpText(const results::VariantSummary& v, const Layout& layout) {
  if (v.setUp.empty()) return {};
  std::vector<std::string> steps;
  std::set<std::string> calls;
  for (const SetUpSummary& sum : v.setUp) {
    if (std::find(steps.begin(), steps.end(), sum.step) == steps.end()) steps.push_back(sum.step);
    calls.insert(sum.call);
  }
  std::vector<Align> columns(steps.size() + 1, Align::right);
  columns.front() = Align::left;
  Table table(columns);
  std::vector<std::string> row{"SET-UP of " + v.variant};
  for (const std::string& step : steps) row.push_back(capitals(step));
  table.row(row);
  const auto rowOf = [](const SetUpSummary& sum) {
    return std::tie(sum.call, sum.copy, sum.participant);
  };
  for (auto first = v.setUp.begin(); first != v.setUp.end();) {
    const auto end = std::find_if(
        first, v.setUp.end(), [&](const SetUpSummary& sum) { return rowOf(sum) != rowOf(*first); });
    row = {(calls.size() > 1 ? first->call + " " : "") + first->participant};
    for (const std::string& step : steps) {
      const auto found =
          std::find_if(first, end, [&](const SetUpSummary& sum) { return sum.step == step; });
      row.push_back(found == end ? "-" : timeText(found->mean));
    }
    table.row(row);
    first = end;
  }
  return "\n" + table.text(layout.width);
}

}  // namespace callflow::compare
