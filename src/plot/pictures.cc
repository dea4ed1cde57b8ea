#include "src/plot/pictures.h"

#include <algorithm>
#include <array>

#include "src/plot/call_events/data.h"
#include "src/plot/delay_budget/data.h"
#include "src/plot/delay_cdf/data.h"
#include "src/plot/delay_time/data.h"
#include "src/plot/group_map/data.h"
#include "src/plot/jitter_buffer/data.h"
#include "src/plot/layers/data.h"
#include "src/plot/loss/data.h"
#include "src/plot/mos/data.h"
#include "src/plot/mos_map/data.h"
#include "src/plot/one_loss/data.h"
#include "src/plot/sequence/data.h"
#include "src/plot/video_quality/data.h"
#include "src/plot/video_rate/data.h"

namespace callflow::plot {

namespace {

// The figure of what is found is in the same folder as what finds it.
template <auto kDataOf>
Drawn made(const results::Result& result) {
  const auto found = kDataOf(result);
  if (!found.data) return {std::nullopt, found.whyNot};
  return {figureOf(*found.data), {}};
}

constexpr std::array kPictures{
    Picture{delay_cdf::kName, made<delay_cdf::dataOf>},
    Picture{mos::kName, made<mos::dataOf>},
    Picture{delay_time::kName, made<delay_time::dataOf>},
    Picture{call_events::kName, made<call_events::dataOf>},
    Picture{jitter_buffer::kName, made<jitter_buffer::dataOf>},
    Picture{loss::kName, made<loss::dataOf>},
    Picture{delay_budget::kName, made<delay_budget::dataOf>},
    Picture{sequence::kName, made<sequence::dataOf>},
    Picture{one_loss::kName, made<one_loss::dataOf>},
    Picture{video_quality::kName, made<video_quality::dataOf>, false, true},
    Picture{video_rate::kName, made<video_rate::dataOf>, false, true},
    Picture{group_map::kName, made<group_map::dataOf>, false, true},
    Picture{layers::kName, made<layers::dataOf>, false, true},
    Picture{mos_map::kName, made<mos_map::dataOf>, true},
};

}  // namespace

std::span<const Picture> pictures() {
  return kPictures;
}

Drawn drawn(std::string_view name, const results::Result& result) {
  return std::find_if(kPictures.begin(), kPictures.end(),
                      [&](const Picture& picture) { return picture.name == name; })
      ->make(result);
}

}  // namespace callflow::plot
