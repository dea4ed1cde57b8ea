#include "src/plot/group_video.h"

#include <algorithm>
#include <set>

#include "src/plot/figure.h"

namespace callflow::plot {

std::optional<GroupVideo> groupVideo(const results::Result& result) {
  std::optional<GroupVideo> best;
  for (const metrics::RunRecord& run : result.records) {
    std::set<std::string> seen;  // calls with video
    for (const metrics::StreamRecord& s : run.streams)
      if (isVideo(s)) seen.insert(s.call);
    for (const metrics::CallRecord& call : run.calls) {
      if (call.participants.size() < 3 || !seen.contains(call.call)) continue;
      if (best && call.participants.size() <= best->people.size()) continue;
      GroupVideo group{call.call, {}};
      for (const metrics::CallParticipant& who : call.participants)
        group.people.push_back(who.name);
      if (!viewsIn(run, group).empty()) best = std::move(group);
    }
  }
  return best;
}

std::vector<const metrics::StreamRecord*> viewsIn(const metrics::RunRecord& run,
                                                  const GroupVideo& group) {
  const std::set<std::string> people(group.people.begin(), group.people.end());
  std::vector<const metrics::StreamRecord*> views;
  for (const metrics::StreamRecord& s : run.streams) {
    if (isVideo(s) && s.call == group.call && people.contains(s.from) && people.contains(s.to))
      views.push_back(&s);
  }
  return views;
}

std::string siteOf(const std::string& person) {
  const std::size_t at = person.find('@');
  return at == std::string::npos ? person : person.substr(at + 1);
}

// Larger pictures than of 720 lines are as good as any.
std::string heightPalette() {
  return "set palette defined (0 '#00204d', 180 '#31446b', 270 '#555b6c', 360 '#7b7a77', 540 "
         "'#b9a96f', 720 '#ffea46')\nset cbrange [0:720]\nunset colorbox\n";
}

}  // namespace callflow::plot
