#include "models/receiver/account.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/quality/codec.h"

namespace callflow::receiver {

Account::Account(const MeterConfig& config)
    : config_(config), window_(config.window), frame_(config.frame) {}

void Account::begin(TimePoint origin) {
  origin_ = heardUntil_ = lastPlayed_ = origin;
  open_.emplace_back();
}

bool Account::sent(TimePoint time) {
  lastSent_ = time;
  if (time >= from_ && time < to_) {
    last_->sent();
    return false;
  }
  const std::int64_t window = windowOf(time);
  const std::size_t before = open_.size();
  while (window >= firstOpen_ + static_cast<std::int64_t>(open_.size())) open_.emplace_back();
  find(time).sent();
  return open_.size() > before;
}

Period& Account::find(TimePoint time) {
  const std::int64_t last = static_cast<std::int64_t>(open_.size()) - 1;
  const std::int64_t wanted = windowOf(time) - firstOpen_;
  const std::int64_t place = std::clamp(wanted, std::int64_t{0}, last);
  Period& found = open_[static_cast<std::size_t>(place)];
  if (place == wanted) {
    last_ = &found;
    from_ = *origin_ + window_ * (firstOpen_ + place);
    to_ = from_ + window_;
  }
  return found;
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
  heardUntil_ = std::max(heardUntil_, from + frame_);
  Period& window = at(from);
  window.played(inBuffer, mouthToEar, aim);
  heard(window, true);
  if (recovered) window.recovered();
}

void Account::concealed(TimePoint from, Duration length, Duration silent) {
  const TimePoint to = from + length;
  from = std::max(from, *origin_);
  if (from >= to) return;
  length = to - from;
  const bool newRun = run_.length == Duration{};
  if (newRun) run_.from = from;
  enterSilence(from, length, std::min(silent, length), newRun);
  run_.length += length;
  for (; config_.frame * (run_.frames + 1) <= run_.length; ++run_.frames) {
    heard(at(run_.from + config_.frame * run_.frames), false);
  }
  heardUntil_ = std::max(heardUntil_, to);
}

void Account::enterSilence(TimePoint from, Duration length, Duration silent, bool newRun) {
  if (newRun) totals_.concealed({}, {}, true);
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
  split(from, from + length, [&](std::int64_t window, TimePoint start, TimePoint end) {
    open_[static_cast<std::size_t>(window - firstOpen_)].paused(end - start);
  });
}

void Account::stretched(Duration change) {
  at(lastPlayed_).stretched(change);
}

void Account::silentAtFirst(TimePoint from, Duration length) {
  const Run now = std::exchange(run_, Run{from, length, 0});
  const std::int64_t concealedIn = lastConcealedIn_;
  enterSilence(from, length, length, true);
  for (; config_.frame * (run_.frames + 1) <= run_.length; ++run_.frames) {
    heard(at(run_.from + config_.frame * run_.frames), false);
  }
  endRun();
  run_ = now;
  lastConcealedIn_ = concealedIn;
}

void Account::heard(Period& window, bool itself) {
  if (itself) {
    ++heardItself_;
  } else {
    entireHeard();
    if (totals_.heard(false)) addSegment(totals_.burstGap().lastBurst());
  }
  window.heard(itself);
}

void Account::entireHeard() {
  for (; heardItself_ > 0; --heardItself_) {
    if (totals_.heard(true)) addSegment(totals_.burstGap().lastBurst());
  }
}

void Account::endRun() {
  if (run_.length == Duration{}) return;
  // What is left is a frame, or none.
  if ((run_.length - config_.frame * run_.frames) * 2 >= config_.frame) {
    heard(at(run_.from + config_.frame * run_.frames), false);
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
  open_.front().addTo(totals_);
  if (last_ == &open_.front()) from_ = to_ = {};
  open_.pop_front();
  ++firstOpen_;
}

void Account::finish(StreamReport& report) {
  if (begun()) endRun();
  while (!open_.empty()) closeFront();
  entireHeard();
  totals_.setSumOfJitter(sumOfJitter_);
  report.totals = totals_.finish(config_, Period::JitterOf::largest);
  score(report);
  dropShortLastWindow();
  report.windows = std::move(closed_);
  report.delayHistogram = totals_.delays().bins();
  report.parts[DelayCause::packetization] = config_.frame * report.totals.played;
  report.parts[DelayCause::jitterBuffer] = totals_.inBuffer();
  report.totalDelay = totals_.mouthToEar();
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
