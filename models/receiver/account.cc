#include "models/receiver/account.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/quality/codec.h"

namespace callflow::receiver {

Account::Account(const MeterConfig& config) : config_(config), window_(config.window) {}

void Account::begin(TimePoint origin) {
  origin_ = heardUntil_ = lastPlayed_ = origin;
  open_.emplace_back();
}

bool Account::sent(TimePoint time) {
  const std::int64_t window = windowOf(time);
  const std::size_t before = open_.size();
  while (window >= firstOpen_ + static_cast<std::int64_t>(open_.size())) open_.emplace_back();
  lastSent_ = time;
  totals_.sent();
  at(time).sent();
  return open_.size() > before;
}

Period& Account::at(TimePoint time) {
  const std::int64_t last = static_cast<std::int64_t>(open_.size()) - 1;
  const std::int64_t place = windowOf(time) - firstOpen_;
  return open_[static_cast<std::size_t>(std::clamp(place, std::int64_t{0}, last))];
}

template <class Enter>
void Account::split(TimePoint from, TimePoint to, Enter&& enter) {
  const std::int64_t last = firstOpen_ + static_cast<std::int64_t>(open_.size()) - 1;
  while (from < to) {
    const std::int64_t window = std::clamp(windowOf(from), firstOpen_, last);
    const TimePoint end = window == last ? to : std::min(to, *origin_ + window_ * (window + 1));
    enter(window, from, end);
    from = end;
  }
}

void Account::played(TimePoint from, Duration inBuffer, Duration mouthToEar, const Aim& aim,
                     bool recovered) {
  endRun();
  lastPlayed_ = from;
  heardUntil_ = std::max(heardUntil_, from + config_.frame);
  Period& window = at(from);
  totals_.played(inBuffer, mouthToEar, aim);
  window.played(inBuffer, mouthToEar, aim);
  heard(from, true);
  if (!recovered) return;
  totals_.recovered();
  window.recovered();
}

void Account::concealed(TimePoint from, Duration length, Duration silent) {
  const TimePoint to = from + length;
  if (run_.length > Duration{} && from > run_.to()) endRun();
  from = std::max(from, *origin_);
  if (from >= to) return;
  length = to - from;
  const bool newRun = run_.length == Duration{};
  if (newRun) run_.from = from;
  enterSilence(from, length, std::min(silent, length), newRun);
  run_.length += length;
  for (; config_.frame * (run_.frames + 1) <= run_.length; ++run_.frames) {
    heard(run_.from + config_.frame * run_.frames, false);
  }
  heardUntil_ = std::max(heardUntil_, to);
}

void Account::enterSilence(TimePoint from, Duration length, Duration silent, bool newRun) {
  totals_.concealed(length, silent, newRun);
  const TimePoint fadedFrom = from + length - silent;
  split(from, from + length, [&](std::int64_t window, TimePoint start, TimePoint end) {
    const Duration faded = std::max(Duration{}, end - std::max(start, fadedFrom));
    open_[static_cast<std::size_t>(window - firstOpen_)].concealed(
        end - start, faded, newRun || window != lastConcealedIn_);
    newRun = false;
    lastConcealedIn_ = window;
  });
}

void Account::paused(TimePoint from, Duration length) {
  endRun();
  heardUntil_ = std::max(heardUntil_, from + length);
  totals_.paused(length);
  split(from, from + length, [&](std::int64_t window, TimePoint start, TimePoint end) {
    open_[static_cast<std::size_t>(window - firstOpen_)].paused(end - start);
  });
}

void Account::stretched(Duration change) {
  totals_.stretched(change);
  at(lastPlayed_).stretched(change);
}

void Account::silentAtFirst(TimePoint from, Duration length) {
  const Run now = std::exchange(run_, Run{from, length, 0});
  const std::int64_t concealedIn = lastConcealedIn_;
  enterSilence(from, length, length, true);
  for (; config_.frame * (run_.frames + 1) <= run_.length; ++run_.frames) {
    heard(run_.from + config_.frame * run_.frames, false);
  }
  endRun();
  run_ = now;
  lastConcealedIn_ = concealedIn;
}

void Account::heard(TimePoint time, bool itself) {
  if (totals_.heard(itself)) addSegment(totals_.burstGap().lastBurst());
  at(time).heard(itself);
}

void Account::endRun() {
  if (run_.length == Duration{}) return;
  // What is left is a frame, or none.
  if ((run_.length - config_.frame * run_.frames) * 2 >= config_.frame) {
    heard(run_.from + config_.frame * run_.frames, false);
  }
  totals_.run(run_.length, run_.length, true);
  bool first = true;
  split(run_.from, run_.to(), [&](std::int64_t window, TimePoint start, TimePoint end) {
    open_[static_cast<std::size_t>(window - firstOpen_)].run(run_.length, end - start, first);
    first = false;
  });
  run_ = {};
}

void Account::closeWindows(TimePoint settled) {
  const TimePoint known = run_.length > Duration{} ? run_.from : heardUntil_;
  const std::int64_t until = std::min(windowOf(settled), windowOf(known));
  while (firstOpen_ < until) closeFront();
}

void Account::closeFront() {
  if (open_.front().sentCount() > 0) {
    closed_.push_back(
        {config_.window * firstOpen_, open_.front().finish(config_, Period::JitterOf::end)});
  }
  open_.pop_front();
  ++firstOpen_;
}

void Account::finish(StreamReport& report) {
  if (begun()) endRun();
  while (!open_.empty()) closeFront();
  report.totals = totals_.finish(config_, Period::JitterOf::largest);
  score(report);
  dropShortLastWindow();
  report.windows = std::move(closed_);
  report.delayHistogram = totals_.delays().bins();
}

// The E-model's parameters come from listening tests of about a window's length, so the stream's
// rating is the mean of its windows' ratings, each with the weight of its frames.
void Account::score(StreamReport& report) {
  double weight = 0;
  quality::Score mean = report.totals.score;
  mean.r = mean.rListening = mean.mos = mean.mosListening = mean.idd = mean.ieEff = 0;
  for (const WindowStats& window : closed_) {
    const quality::Score& score = window.stats.score;
    if (std::isnan(score.r)) continue;
    const auto frames = static_cast<double>(window.stats.sent);
    weight += frames;
    mean.r += frames * score.r;
    mean.rListening += frames * score.rListening;
    mean.mos += frames * score.mos;
    mean.mosListening += frames * score.mosListening;
    mean.idd += frames * score.idd;
    mean.ieEff += frames * score.ieEff;
    mean.outOfRange |= score.outOfRange;
  }
  if (weight == 0) return;
  for (double* part :
       {&mean.r, &mean.rListening, &mean.mos, &mean.mosListening, &mean.idd, &mean.ieEff}) {
    *part /= weight;
  }
  report.totals.score = mean;

  const auto rest = totals_.burstGap().rest();
  if (rest.burst.burst > 0) addSegment(rest.burst);
  if (rest.gap.gap > 0) addSegment(rest.gap);
  PeriodStats& totals = report.totals;
  totals.rRecency = quality::bestR(mean.scale) - recency_.result().end - mean.idd;
  totals.mosRecency = quality::mosFromR(mean.scale, totals.rRecency);
}

void Account::addSegment(const quality::GapAndBurst& frames) {
  recency_.add(quality::segmentOf(frames, config_.frame, quality::traits(config_.codec).scale,
                                  quality::parameters(config_.codec, config_.bitrate)));
}

void Account::dropShortLastWindow() {
  if (closed_.size() < 2) return;
  const Duration covered = lastSent_ + config_.frame - (*origin_ + closed_.back().start);
  if (covered * 2 < config_.window) closed_.pop_back();
}

}  // namespace callflow::receiver
