#include "src/explain/fix.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "src/explain/change.h"
#include "src/explain/signaling_reach.h"

namespace callflow::explain {
namespace {

using topology::Case;
using topology::ElementId;
using topology::NetworkGraph;
using topology::PathKind;
using topology::Topology;

// How far the search goes: proposals of more changes are none that somebody would make, and a
// network that is planned takes milliseconds.
constexpr std::size_t kMostChanges = 4;
constexpr std::size_t kMostPlans = 400;
// Of as many changes that lead to the same.
constexpr std::size_t kMostAlike = 3;

// Worst first: 0 is no path.
int worth(const Class& of) {
  return of ? 1 + static_cast<int>(PathKind::relayProxy) - static_cast<int>(*of) : 0;
}

// Made or not, in the order in which they were thought of.
using Changes = std::vector<std::size_t>;  // sorted numbers of changes

// A network with some changes, planned.
struct Planned {
  Class of;
  std::vector<Change> next;  // what may mend what still refuses a better path
};

// Whose own changes come one after another, each once.
class Changing {
 public:
  Changing(const NetworkGraph& graph, const Topology& topology, const topology::Call& call)
      : graph_(graph), topology_(topology) {
    for (const topology::Participant& who : call.participants)
      if (const auto element = graph.participant(who)) people_.push_back(*element);
  }

  void against(ElementId client, const Refusal& refusal, wire::Service wanted) {
    for (Change& change : changesAgainst(graph_, topology_, {client, refusal, people_, wanted}))
      if (known_.insert(change.what).second) found_.push_back(std::move(change));
  }

  std::vector<Change> found() { return std::move(found_); }

 private:
  const NetworkGraph& graph_;
  const Topology& topology_;
  std::vector<ElementId> people_;
  std::set<std::string> known_;
  std::vector<Change> found_;
};

class Search {
 public:
  Search(const Case& one, std::size_t call, const CallPlan& plan) : case_(one), number_(call) {
    result_.before = classOf(plan);
    // What the others take away in the boxes counts only if it decides.
    const NetworkGraph graph = NetworkGraph::ofCalls(case_.topology, case_.calls);
    alone_ = classOf(planned(graph, case_.topology)) == result_.before;
  }

  FixSearch run() {
    if (result_.before == Class(PathKind::direct)) return std::move(result_);
    std::vector<Changes> level{{}};
    for (std::size_t size = 1; size <= kMostChanges && !level.empty(); ++size) {
      std::vector<Changes> grown;
      for (const Changes& from : level) grow(from, grown);
      level = std::move(grown);
      std::vector<Changes> found;
      for (const Changes& set : level)
        if (isGood(set)) found.push_back(set);
      keep(found);
      // What is as good as it can be is not added to.
      std::erase_if(level,
                    [&](const Changes& set) { return at(set).of == Class(PathKind::direct); });
    }
    finish();
    return std::move(result_);
  }

 private:
  CallPlan planned(const NetworkGraph& graph, const Topology& topology) const {
    CallPlan plan = alone_ ? planCall(graph, topology, call())
                           : std::move(planCalls(graph, topology, case_.calls)[number_]);
    addSignalingRefusals(graph, topology, call(), plan);
    return plan;
  }

  const topology::Call& call() const { return case_.calls[number_]; }

  Topology with(const Changes& set) const {
    Topology changed = case_.topology;
    for (const std::size_t change : set) changes_[change].make(changed);
    return changed;
  }

  // Plans it, if it has not been.
  const Planned& at(const Changes& set) {
    if (const auto known = planned_.find(set); known != planned_.end()) return known->second;
    ++result_.plans;
    const Topology topology = with(set);
    const NetworkGraph graph = NetworkGraph::ofCalls(topology, case_.calls);
    const CallPlan plan = planned(graph, topology);
    Planned made{classOf(plan), {}};
    if (set.size() < kMostChanges) made.next = changesFor(graph, topology, plan);
    return planned_.emplace(set, std::move(made)).first->second;
  }

  // What stands against better paths than each pair has; first of all against signaling, without
  // which no path is of use.
  std::vector<Change> changesFor(const NetworkGraph& graph, const Topology& topology,
                                 const CallPlan& plan) const {
    Changing changing(graph, topology, call());
    if (lacksSignaling(plan)) {
      for (const SignalingRefusal& each : trySignaling(graph, topology, call())) {
        changing.against(each.participant, each.refusal, wire::Service::acsSignaling);
        // It would go through a proxy that opened a tunnel for it.
        const auto proxy = graph.proxy(each.participant);
        if (proxy && !wire::contains(graph.element(*proxy).connectPorts, wire::kSignalingPort))
          changing.against(each.participant, {.kind = Refusal::Kind::proxyPort, .element = *proxy},
                           wire::Service::acsSignaling);
      }
      return changing.found();
    }
    const auto look = [&](const std::vector<Attempt>& attempts) {
      for (const Attempt& attempt : attempts) {
        if (attempt.chosen) continue;
        for (const Finding& finding : attempt.findings)
          if (finding.refusal)
            changing.against(finding.client, *finding.refusal, wire::Service::azure);
      }
    };
    for (std::size_t i = 0; i < plan.paths.size(); i += 2) look(plan.paths[i].attempts);
    for (const PlanFailure& failure : plan.failures) look(failure.attempts);
    return changing.found();
  }

  std::size_t numberOf(const Change& change) {
    const auto known = std::find_if(changes_.begin(), changes_.end(),
                                    [&](const Change& each) { return each.what == change.what; });
    if (known != changes_.end()) return static_cast<std::size_t>(known - changes_.begin());
    changes_.push_back(change);
    return changes_.size() - 1;
  }

  // With each change more that may mend what refuses still.
  void grow(const Changes& from, std::vector<Changes>& grown) {
    const std::vector<Change> next = at(from).next;
    for (const Change& change : next) {
      const std::size_t number = numberOf(change);
      Changes more = from;
      const auto place = std::lower_bound(more.begin(), more.end(), number);
      if (place != more.end() && *place == number) continue;
      more.insert(place, number);
      if (!seen_.insert(more).second) continue;
      if (result_.plans >= kMostPlans) {
        result_.exhausted = false;
        return;
      }
      at(more);
      grown.push_back(std::move(more));
    }
  }

  // Better than now, and than all that does with fewer changes; and with none to spare.
  bool isGood(const Changes& set) {
    const Class of = at(set).of;
    if (!isBetter(of, result_.before)) return false;
    for (const auto& [other, size] : best_)
      if (size < set.size() && !isBetter(of, other)) return false;
    for (std::size_t i = 0; i < set.size(); ++i) {
      Changes fewer = set;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      if (!isBetter(of, at(fewer).of)) return false;
    }
    return true;
  }

  // Of one size.
  void keep(const std::vector<Changes>& found) {
    std::vector<Changes> sorted = found;
    std::stable_sort(sorted.begin(), sorted.end(), [&](const Changes& a, const Changes& b) {
      return isBetter(at(a).of, at(b).of);
    });
    std::map<int, std::size_t> alike;
    for (const Changes& set : sorted) {
      const Class of = at(set).of;
      best_.emplace_back(of, set.size());
      if (++alike[worth(of)] > kMostAlike) continue;
      // What leads to less with as many changes is told, too: it may be easier to have.
      Fix fix;
      fix.after = of;
      fix.topology = with(set);
      std::set<std::string> keys;
      for (const std::size_t change : set) {
        fix.changes.push_back(changes_[change].what);
        used_.insert(change);
        for (const Change::Key& key : changes_[change].keys)
          if (keys.insert(key.key).second)
            fix.settings.push_back({key.key, key.value(fix.topology)});
      }
      result_.fixes.push_back(std::move(fix));
    }
  }

  void finish() {
    for (std::size_t i = 0; i < changes_.size(); ++i)
      if (used_.count(i) == 0) result_.tried.push_back(changes_[i].what);
  }

  const Case& case_;
  std::size_t number_;
  bool alone_ = true;
  std::vector<Change> changes_;  // thought of so far
  std::map<Changes, Planned> planned_;
  std::set<Changes> seen_;
  std::vector<std::pair<Class, std::size_t>> best_;  // reached, and with how many changes
  std::set<std::size_t> used_;
  FixSearch result_;
};

}  // namespace

bool isBetter(const Class& a, const Class& b) {
  return worth(a) > worth(b);
}

bool lacksSignaling(const CallPlan& plan) {
  return std::any_of(plan.signaling.begin(), plan.signaling.end(),
                     [](const Signaling& each) { return !each.refused.empty(); });
}

Class classOf(const CallPlan& plan) {
  if (!plan.failures.empty() || plan.paths.empty() || lacksSignaling(plan)) return {};
  Class worst = PathKind::direct;
  for (const MediaPath& path : plan.paths)
    if (isBetter(worst, path.kind)) worst = path.kind;
  return worst;
}

std::string nameOf(const Class& of) {
  return of ? std::string(topology::name(*of)) : std::string("no path");
}

FixSearch findFixes(const Case& one, std::size_t call, const CallPlan& plan) {
  return Search(one, call, plan).run();
}

}  // namespace callflow::explain
