#include "models/fec/loss_filter.h"

#include <algorithm>

namespace callflow::fec {
namespace {

// libwebrtc, modules/video_coding/media_opt_util.h.
constexpr Duration kBin = Duration::s(1);

}  // namespace

Ratio LossFilter::onReport(Ratio loss, TimePoint now) {
  if (count_ > 0 && now - bins_[newest_].at < kBin) {
    worst_ = std::max(worst_, loss);
  } else {
    // What is put in a bin is the worst before this report, if there was any loss.
    const Ratio worst = count_ > 0 && worst_ > Ratio{} ? worst_ : loss;
    newest_ = (newest_ + 1) % kBins;
    bins_[newest_] = {worst, now};
    count_ = std::min(count_ + 1, kBins);
    worst_ = Ratio{};
  }
  Ratio worst = worst_;
  for (std::size_t i = 0; i < count_; ++i) {
    const Bin& bin = bins_[(newest_ + kBins - i) % kBins];
    if (now - bin.at <= kBin * static_cast<std::int64_t>(kBins)) worst = std::max(worst, bin.worst);
  }
  return worst;
}

}  // namespace callflow::fec
