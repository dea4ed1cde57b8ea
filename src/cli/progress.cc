#include "src/cli/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace callflow::cli {
namespace {

constexpr auto kRedrawInterval = std::chrono::milliseconds(100);
constexpr auto kLineInterval = std::chrono::seconds(10);

bool isTerminal(std::FILE* out) {
  const char* term = std::getenv("TERM");
  return ::isatty(::fileno(out)) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

std::size_t columns(std::FILE* out) {
  winsize size{};
  if (::ioctl(::fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

double share(const ProgressState& state) {
  if (state.simulatedTotal.count() <= 0) return 0;
  return std::clamp(state.simulated.seconds() / state.simulatedTotal.seconds(), 0.0, 1.0);
}

std::string timeLeft(double seconds) {
  if (seconds < 90) return fmt::format("{:.0f} s left", seconds);
  return fmt::format("{:.0f} min left", seconds / 60);
}

}  // namespace

std::string progressText(const ProgressState& state, std::chrono::nanoseconds wall) {
  constexpr int kWidth = 20;
  const double done = share(state);
  const int filled = static_cast<int>(done * kWidth);
  std::string text =
      fmt::format("[{}{}] {}/{} runs, {:.0f} s of {:.0f} s simulated",
                  std::string(static_cast<std::size_t>(filled), '#'),
                  std::string(static_cast<std::size_t>(kWidth - filled), '-'), state.runsDone,
                  state.runsTotal, state.simulated.seconds(), state.simulatedTotal.seconds());
  const double elapsed = std::chrono::duration<double>(wall).count();
  if (elapsed > 0 && done > 0) {
    text += fmt::format(", {:.0f}x real time", state.simulated.seconds() / elapsed);
    text += ", " + timeLeft(elapsed * (1 - done) / done);
  }
  if (state.runsFailed > 0) text += fmt::format(", {} failed", state.runsFailed);
  return text;
}

ProgressLine::ProgressLine(std::FILE* out, bool quiet)
    : out_(out),
      quiet_(quiet),
      terminal_(isTerminal(out)),
      begin_(Clock::now()),
      lastDrawn_(begin_) {}

ProgressLine::~ProgressLine() {
  clear();
}

void ProgressLine::update(const ProgressState& state) {
  if (quiet_) return;
  const auto now = Clock::now();
  if (terminal_) {
    if (drawn_ && now - lastDrawn_ < kRedrawInterval) return;
    const std::string text = progressText(state, now - begin_).substr(0, columns(out_) - 1);
    fmt::print(out_, "\r{}\033[K", text);
    drawn_ = true;
  } else {
    const auto tenth = static_cast<std::int64_t>(share(state) * 10);
    if (tenth < nextTenth_ || now - lastDrawn_ < kLineInterval) return;
    fmt::print(out_, "{}\n", progressText(state, now - begin_));
    nextTenth_ = tenth + 1;
  }
  std::fflush(out_);
  lastDrawn_ = now;
}

void ProgressLine::clear() {
  if (!terminal_ || !drawn_) return;
  std::fputs("\r\033[K", out_);
  std::fflush(out_);
  drawn_ = false;
}

}  // namespace callflow::cli
