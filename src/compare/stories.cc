#include "src/compare/stories.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "src/compare/alike.h"
#include "src/compare/story_text.h"
#include "src/results/call_story.h"

namespace callflow::compare {

namespace {

using results::CallStory;
using results::Moment;
using Runs = std::vector<const metrics::RunRecord*>;
using CallKey = std::pair<std::string, int>;  // name, copy

constexpr std::size_t kMostCalls = 4;

// What one side knows of its calls.
struct Stories {
  std::vector<CallKey> calls;  // in the order in which they are written
  std::map<CallKey, int> runs;
  std::map<CallKey, CallStory> stories;  // of those that were not quiet
};

// Results of a callflow that noted no events know nothing: every call that it notes ends.
Stories toldBy(const Runs& runs) {
  Stories told;
  for (const metrics::RunRecord* run : runs) {
    for (const metrics::CallRecord& call : run->calls) {
      if (call.events.empty()) continue;
      const CallKey key{call.call, call.copy};
      if (++told.runs[key] == 1) told.calls.push_back(key);
    }
  }
  for (CallStory& story : results::storiesOf(runs)) {
    const CallKey key{story.call, story.copy};
    told.stories.emplace(key, std::move(story));
  }
  return told;
}

// The same for calls in which everybody met the same.
std::string plotOf(const CallStory* story, int runs) {
  if (story == nullptr) return "quiet";
  std::map<std::string, std::string> deeds;  // by participant
  for (const Moment& moment : story->moments)
    for (const std::string& who : moment.who) deeds[who] += ", " + deedOf(moment);
  std::string text = story->runs == runs ? "always" : "sometimes";
  for (const auto& [who, what] : deeds) text += "\n" + who + what;
  return text;
}

StorySide sideOf(const CallStory* story, int runs) {
  if (story == nullptr) return {runs, 0, "quiet"};
  return {runs, story->runs,
          wordsOf(story->moments, story->participants, kMostMoments) + whereText(*story, runs)};
}

}  // namespace

std::vector<StoryDifference> storyDifferences(const Runs& runsA, const Runs& runsB) {
  const Stories a = toldBy(runsA), b = toldBy(runsB);
  std::vector<StoryDifference> found;
  std::vector<std::pair<std::string, std::string>> plots;  // of these
  for (const CallKey& key : a.calls) {
    const auto inB = b.runs.find(key);
    if (inB == b.runs.end()) continue;
    const auto storyOf = [&](const Stories& told) {
      const auto story = told.stories.find(key);
      return story == told.stories.end() ? nullptr : &story->second;
    };
    const CallStory* const storyA = storyOf(a);
    const CallStory* const storyB = storyOf(b);
    const int times = a.runs.at(key);
    std::pair plot{plotOf(storyA, times), plotOf(storyB, inB->second)};
    if (plot.first == plot.second) continue;
    const std::string name =
        key.second == 0 ? key.first : fmt::format("{}#{}", key.first, key.second);
    const auto known = std::find(plots.begin(), plots.end(), plot);
    if (known != plots.end()) {
      found[static_cast<std::size_t>(known - plots.begin())].calls.push_back(name);
      continue;
    }
    plots.push_back(std::move(plot));
    found.push_back({{name}, sideOf(storyA, times), sideOf(storyB, inB->second)});
  }
  return found;
}

std::string storiesText(const std::vector<StoryDifference>& stories) {
  std::string text;
  for (const StoryDifference& d : stories) {
    text += fmt::format("    {}:\n      A {}\n      B {}\n", listing(d.calls, kMostCalls), d.a.says,
                        d.b.says);
  }
  return text;
}

}  // namespace callflow::compare
