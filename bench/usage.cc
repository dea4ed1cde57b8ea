#include <sys/resource.h>

#include "bench/chain.h"

namespace callflow::bench {
namespace {

rusage usage() {
  rusage result{};
  getrusage(RUSAGE_SELF, &result);
  return result;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

double cpuSeconds() {
  const rusage now = usage();
  return seconds(now.ru_utime) + seconds(now.ru_stime);
}

std::int64_t peakRssBytes() {
  return usage().ru_maxrss * 1024;
}  // Linux reports KiB

}  // namespace callflow::bench
