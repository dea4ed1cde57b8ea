#include "models/scream/window.h"

#include <algorithm>

namespace callflow::scream {
namespace {

// Section 4.1.2.2: how much of a window that is not full counts as used.
constexpr double kFastSlack = 1.5, kSlack = 1.25;

double bytes(DataSize size) {
  return static_cast<double>(size.count());
}

}  // namespace

void Window::onInFlight(DataSize inFlight, TimePoint now) {
  while (!most_.empty() && most_.back().size <= inFlight) most_.pop_back();
  most_.push_back({now, inFlight});
  while (most_.front().at <= now - parameters_.inFlightMemory) most_.pop_front();
}

void Window::onAcknowledged(const Acknowledged& news) {
  const double acked = bytes(news.size);
  if (fast_ && news.trend >= parameters_.trendLimit) fast_ = false;
  if (fast_) {
    if (bytes(news.inFlight) * kFastSlack + acked > window_) window_ += acked;
    return;
  }
  const double offTarget =
      (news.target - news.queueing).seconds() / news.target.seconds();  // as LEDBAT has it
  const bool used = bytes(news.inFlight) * kSlack + acked > window_;
  if (offTarget <= 0 || used)
    window_ += parameters_.gain * offTarget * acked * bytes(parameters_.segment) / window_;
  hold();
}

void Window::onLoss() {
  fast_ = false;
  window_ = std::max(window_ * parameters_.windowAfterLoss, bytes(parameters_.leastWindow));
}

void Window::onTrend(double trend, TimePoint now) {
  if (trend >= parameters_.calmTrend) {
    calmSince_.reset();
    return;
  }
  if (!calmSince_) calmSince_ = now;
  if (now - *calmSince_ >= parameters_.calm) fast_ = true;
}

void Window::hold() {
  if (!most_.empty())
    window_ = std::min(window_, bytes(most_.front().size) * parameters_.inFlightHeadroom);
  window_ = std::max(window_, bytes(parameters_.leastWindow));
}

}  // namespace callflow::scream
