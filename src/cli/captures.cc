#include "src/cli/captures.h"

#include <algorithm>
#include <set>
#include <sstream>
#include <stdexcept>

#include "src/cli/file_names.h"
#include "src/cli/output.h"
#include "src/cli/process_pool.h"
#include "src/cli/stop_signal.h"
#include "src/cli/verb.h"
#include "src/compare/wrap.h"
#include "src/results/aside.h"
#include "src/sim/capture_places.h"
#include "src/sim/run.h"

namespace callflow::cli {
namespace {

std::vector<std::string> placesIn(const topology::Case& input, const CapturePlaces& places) {
  if (places.names.empty()) return sim::clientPlaces(input);
  const std::vector<std::string> there = sim::capturePlaces(input);
  std::vector<std::string> names = places.names;
  std::erase_if(names, [&](const std::string& name) {
    return std::find(there.begin(), there.end(), name) == there.end();
  });
  return names;
}

std::string trimmed(std::string text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

// One file of a run.
struct Planned {
  std::string place;
  std::string name;
};

// What the job gives back: the packets of each file, in their order.
std::string captureRun(const topology::Scenario& scenario, const Task& task,
                       const SimulationSettings& settings, const std::vector<Planned>& files,
                       const std::filesystem::path& directory) {
  sim::RunOptions options;
  options.seed = settings.seed;
  options.replication = task.replication;
  options.warmUp = scenario.warmUp;
  options.drain = scenario.drain;
  options.stop = &StopSignals::flag();
  for (const Planned& file : files) options.captures.push_back({file.place, directory / file.name});
  std::string counts;
  options.captured = [&](std::size_t, std::int64_t packets) {
    counts += std::to_string(packets) + " ";
  };
  sim::simulate(*task.input, options);
  return counts;
}

}  // namespace

CapturePlaces parseCapturePlaces(const std::vector<std::string>& texts) {
  CapturePlaces places;
  places.asked = !texts.empty();
  for (const std::string& text : texts) {
    std::istringstream in(text);
    for (std::string name; std::getline(in, name, ',');) {
      name = trimmed(name);
      const auto& known = places.names;
      if (!name.empty() && std::find(known.begin(), known.end(), name) == known.end())
        places.names.push_back(name);
    }
  }
  return places;
}

void checkCapturePlaces(const topology::Scenario& scenario, const CapturePlaces& places) {
  std::vector<std::string> there;
  std::set<std::string> known;
  for (const topology::Case& one : scenario.cases) {
    for (const std::string& place : sim::capturePlaces(one))
      if (known.insert(place).second) there.push_back(place);
  }
  std::string wrong;
  for (const std::string& name : places.names) {
    if (known.contains(name)) continue;
    wrong += (wrong.empty() ? "" : "\n") + std::string("--pcap: there is no link or node \"") +
             name + "\" in " + scenario.name + didYouMean(name, there);
  }
  if (wrong.empty()) return;
  std::vector<std::string> nodes, links;
  for (const std::string& place : there) {
    if (place.ends_with(" up") || place.ends_with(" down")) continue;
    (known.contains(place + " up") ? links : nodes).push_back(place);
  }
  const std::string text = "\n  nodes: " + listed(nodes) + "\n  links: " + listed(links) +
                           "; or one direction of a link, as \"" + links.front() + " up\"";
  throw UsageError(wrong + compare::fitted(text, columnsToUse()));
}

std::vector<CaptureFile> writeCaptures(const topology::Scenario& scenario,
                                       const std::vector<Task>& tasks,
                                       const SimulationSettings& settings,
                                       const CapturePlaces& places,
                                       const std::filesystem::path& directory) {
  // Beside the result, which somebody else may be replacing.
  const results::AsideDirectory aside(directory.parent_path().parent_path(), "pcap");
  std::vector<std::vector<Planned>> plans;
  std::set<std::string> names;
  std::vector<Job> jobs;
  for (const Task& task : tasks) {
    auto& plan = plans.emplace_back();
    for (const std::string& place : placesIn(*task.input, places)) {
      std::string name = fileName(task.input->variant + "-" + place);
      while (!names.insert(name).second) name += "_";
      plan.push_back({place, name + ".pcap"});
    }
  }
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    jobs.emplace_back([&, i](ChildLink&) {
      return captureRun(scenario, tasks[i], settings, plans[i], aside.path());
    });
  }
  PoolOptions pool;
  pool.parallel = settings.parallel;
  const std::vector<JobOutcome> outcomes = runJobs(jobs, pool);
  if (StopSignals::received()) return {};
  std::vector<CaptureFile> files;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].kind != JobOutcome::Kind::done)
      throw std::runtime_error("packets of " + tasks[i].input->variant +
                               " were not captured: " + outcomes[i].failure);
    std::istringstream counts(outcomes[i].payload);
    for (const Planned& file : plans[i]) {
      std::int64_t packets = 0;
      counts >> packets;
      files.push_back({file.name, packets});
    }
  }
  results::moveIntoPlace(aside.path(), directory);
  return files;
}

}  // namespace callflow::cli
