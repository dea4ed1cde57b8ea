// How long explain takes for large networks: time of the processor, so that a machine that is busy
// with other things does not count.
#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace callflow::test {
namespace {

namespace fs = std::filesystem;

double childSeconds() {
  rusage used{};
  ::getrusage(RUSAGE_CHILDREN, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// So many offices, each behind a firewall that lets media out to Azure only, and a call between
// each two.
std::string network(const fs::path& folder, int sites) {
  const fs::path path = folder / "large.yaml";
  std::ofstream out(path);
  out << "scenario: large\ntopology:\n  topology: large\n  sites:\n";
  const std::vector<std::string> places{"amsterdam", "london", "paris", "frankfurt",
                                        "dublin",    "madrid", "milan", "stockholm"};
  const auto number = [](int i) { return std::to_string(i); };
  for (int i = 0; i < sites; ++i)
    out << "    s" << i << ": {location: " << places[static_cast<std::size_t>(i) % places.size()]
        << ", subnets: [10." << number(i / 256) << "." << number(i % 256)
        << ".0/24], perimeter: [fw" << i << "]}\n";
  out << "  devices:\n";
  for (int i = 0; i < sites; ++i)
    out << "    fw" << i
        << ": {kind: firewall, nat: {}, rules: [{allow: udp, to: azure, ports: 3478-3481}, "
           "{allow: tcp, ports: 443}, {deny: any}]}\n";
  out << "  azure: {regions: [westeurope, northeurope, francecentral]}\ncalls:\n";
  for (int i = 0; i < sites; ++i)
    out << "  - {name: c" << i << ", participants: [a@s" << i << ", b@s" << (i + 1) % sites
        << "], duration: 10 s}\n";
  return path.string();
}

double secondsOf(const std::vector<std::string>& arguments, const fs::path& folder) {
  const double before = childSeconds();
  const Output output = runCallflow(arguments, folder);
  CHECK(output.code == 0);
  return childSeconds() - before;
}

TEST_CASE("one call of 500 sites in a second, all of 100 in five") {
  const fs::path folder = emptyDirectory(CALLFLOW_TEST_DIR, "speed");
  const std::string large = network(folder, 500);
  CHECK(secondsOf({"explain", large, "--call", "c7"}, folder) < 1.0);
  CHECK(secondsOf({"explain", large, "--from", "s1", "--to", "relay", "--udp", "3478"}, folder) <
        1.0);
  CHECK(secondsOf({"explain", network(folder, 100)}, folder) < 5.0);
}

}  // namespace
}  // namespace callflow::test
