#include "models/quality/codec.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace callflow::quality {
namespace {

constexpr DataRate kbps(double value) {
  return DataRate::bitsPerSecond(static_cast<std::int64_t>(value * 1000 + 0.5));
}

// Opus: M. Alahmadi, P. Pocta, H. Melvin, "An adaptive bitrate switching algorithm for speech
// applications in context of WebRTC", ACM Trans. Multimedia Comput. Commun. Appl. 17(4):133, 2021,
// doi 10.1145/3458751; the figures as the authors publish them with the paper, to the digit. Ie at
// constant bit rate does not fall steadily with the bit rate: kept as published.
constexpr CodecPoint kOpusSwbVbr[] = {
    {kbps(14), 38.06, 16.51, 9.13},        {kbps(15), 34.12, 15.0, 7.9},
    {kbps(16), 30.16302131, 11.83, 10.06}, {kbps(19), 23.80720462, 10.67, 8.92},
    {kbps(22), 20.22332357, 10.47, 8.57},  {kbps(25), 20.20905481, 11.28, 9.18},
    {kbps(28), 18.47734739, 10.63, 8.91},  {kbps(31), 16.82867498, 10.44, 8.82},
    {kbps(34), 14.75893036, 10.12, 8.54},  {kbps(37), 12.07782849, 10.38, 8.30},
    {kbps(40), 10.66596559, 9.79, 8.04},
};
constexpr CodecPoint kOpusSwbCbr[] = {
    {kbps(16), 36.88067115, 13.30, 10.80}, {kbps(19), 29.58016175, 10.74, 8.93},
    {kbps(22), 23.38003477, 10.01, 8.46},  {kbps(25), 22.64371205, 10.57, 8.74},
    {kbps(28), 23.65242842, 11.67, 9.98},  {kbps(31), 21.74245539, 11.51, 9.58},
    {kbps(34), 20.62029481, 11.78, 9.69},  {kbps(37), 16.22868955, 10.62, 8.99},
    {kbps(40), 15.89845959, 11.35, 9.37},
};
constexpr CodecPoint kOpusWbVbr[] = {
    {kbps(11), 28.41322299, 23.93979569, 20.11987374},
    {kbps(12), 23.29505705, 22.2151863, 18.90376092},
    {kbps(13), 19.958882, 19.49608704, 16.91955649},
};
constexpr CodecPoint kOpusWbCbr[] = {
    {kbps(12), 29.76435108, 24.80947978, 20.77703993},
    {kbps(13), 26.16108167, 23.0047189, 19.372252},
    {kbps(14), 20.77194577, 17.5623101, 15.84824707},
    {kbps(15), 18.06274989, 18.73740804, 16.09740659},
};
constexpr CodecPoint kOpusNbVbr[] = {
    {kbps(6), 23.00233478, 24.5644848, 15.35503534},
    {kbps(7), 21.25545861, 22.45885046, 14.42549516},
    {kbps(8), 16.02443357, 20.25866692, 13.47963008},
    {kbps(9), 11.73674352, 18.90829837, 12.44222463},
};
constexpr CodecPoint kOpusNbCbr[] = {
    {kbps(6), 46.26834316, 8.939710714, 5.655040056},
    {kbps(7), 31.73480382, 18.17914283, 11.76446295},
    {kbps(8), 19.24547807, 15.12823436, 10.1315844},
    {kbps(9), 13.20879771, 17.23921027, 11.36427122},
    {kbps(10), 6.197366255, 15.32972957, 10.47043983},
    {kbps(11), 2.030115291, 15.95164784, 10.73313709},
};
constexpr CodecPoint kEvsSwb[] = {
    {kbps(9.6), 22.7, 13.0}, {kbps(13.2), 17.1, 11.7}, {kbps(16.4), 10.8, 10.3},
    {kbps(24.4), 7.2, 11.4}, {kbps(32), 8.7, 9.3},     {kbps(48), 10.2, 9.6},
};
constexpr CodecPoint kG711Plain[] = {{kbps(64), 0, 4.3}};
constexpr CodecPoint kG711Concealed[] = {{kbps(64), 0, 25.1}};
constexpr CodecPoint kG729aVad[] = {{kbps(8), 11, 19.0}};
constexpr CodecPoint kG7231Vad[] = {{kbps(6.3), 15, 16.1}};
constexpr CodecPoint kGsmEfr[] = {{kbps(12.2), 5, 10.0}};
// Where G.113 gives no Bpl: the default of G.107, which is the least of its range.
constexpr CodecPoint withoutBpl(double rate, double ie) {
  return {kbps(rate), ie, 4.3, 0, true};
}
constexpr CodecPoint kG722Points[] = {withoutBpl(48, 31), withoutBpl(56, 20), withoutBpl(64, 13)};
constexpr CodecPoint kG7221Points[] = {withoutBpl(24, 19), withoutBpl(32, 13)};
constexpr CodecPoint kAmrWbMonotic[] = {
    withoutBpl(6.6, 41),   withoutBpl(8.85, 26), withoutBpl(12.65, 13),
    withoutBpl(14.25, 10), withoutBpl(15.85, 7), withoutBpl(18.25, 5),
    withoutBpl(19.85, 3),  withoutBpl(23.05, 1), withoutBpl(23.85, 8),
};
constexpr CodecPoint kAmrWbDiotic[] = {
    withoutBpl(6.6, 56),   withoutBpl(8.85, 41),  {kbps(12.65), 20, 4.3},
    withoutBpl(15.85, 17), {kbps(23.05), 8, 4.6}, {kbps(23.85), 10, 4.9},
};
constexpr CodecPoint kG726Points[] = {withoutBpl(16, 50), withoutBpl(24, 25), withoutBpl(32, 7),
                                      withoutBpl(40, 2)};
constexpr CodecPoint kG728Points[] = {withoutBpl(12.8, 20), withoutBpl(16, 7)};
constexpr CodecPoint kG729aPlain[] = {withoutBpl(8, 10)};
constexpr CodecPoint kG7231Low[] = {withoutBpl(5.3, 19)};
constexpr CodecPoint kGsmFr[] = {withoutBpl(13, 20)};
constexpr CodecPoint kIs641[] = {withoutBpl(7.4, 10)};
constexpr CodecPoint kIlbcPoint[] = {{kbps(15.2), 11, 32}};

constexpr std::string_view kAlahmadi = "Alahmadi, Pocta, Melvin, ACM TOMM 17(4):133, 2021";
constexpr std::string_view kG113 = "ITU-T G.113 appendix I";
constexpr std::string_view kG113wb = "ITU-T G.113 appendix IV";

// Delay of the encoder beyond the frame. Opus: RFC 6716 section 2, 6.5 ms in the default modes.
// G.711 with concealment: G.711 appendix I, 3.75 ms. EVS: 3GPP TS 26.441, 32 ms with its frame of
// 20 ms. G.729, AMR-WB, IS-641 and iLBC at 20 ms: 5 ms, G.723.1: 7.5 ms, G.722.1: its frame again.
// G.722: its two filter banks delay by 22 samples of 16 kHz.
constexpr Duration kOpusLookahead = Duration::us(6500);

constexpr std::array kCodecTable{
    CodecTraits{Codec::opus, "opus", Scale::fullband, kOpusLookahead, kOpusSwbVbr, kAlahmadi},
    CodecTraits{Codec::opusCbr, "opus-cbr", Scale::fullband, kOpusLookahead, kOpusSwbCbr,
                kAlahmadi},
    CodecTraits{Codec::opusWideband, "opus-wideband", Scale::wideband, kOpusLookahead, kOpusWbVbr,
                kAlahmadi},
    CodecTraits{Codec::opusWidebandCbr, "opus-wideband-cbr", Scale::wideband, kOpusLookahead,
                kOpusWbCbr, kAlahmadi},
    CodecTraits{Codec::opusNarrowband, "opus-narrowband", Scale::narrowband, kOpusLookahead,
                kOpusNbVbr, kAlahmadi},
    CodecTraits{Codec::opusNarrowbandCbr, "opus-narrowband-cbr", Scale::narrowband, kOpusLookahead,
                kOpusNbCbr, kAlahmadi},
    CodecTraits{Codec::evs, "evs", Scale::fullband, Duration::ms(12), kEvsSwb,
                "ITU-T G.113 (09/2024) appendix V with erratum 1"},
    CodecTraits{Codec::g711, "g711", Scale::narrowband, Duration{}, kG711Plain, kG113},
    CodecTraits{Codec::g711Plc, "g711-plc", Scale::narrowband, Duration::us(3750), kG711Concealed,
                kG113},
    CodecTraits{Codec::g729a, "g729a", Scale::narrowband, Duration::ms(5), kG729aVad, kG113},
    CodecTraits{Codec::g7231, "g723.1", Scale::narrowband, Duration::us(7500), kG7231Vad, kG113},
    CodecTraits{Codec::gsmEfr, "gsm-efr", Scale::narrowband, Duration{}, kGsmEfr, kG113},
    CodecTraits{Codec::g722, "g722", Scale::wideband, Duration::us(1375), kG722Points, kG113wb},
    CodecTraits{Codec::g7221, "g722.1", Scale::wideband, Duration::ms(20), kG7221Points, kG113wb},
    CodecTraits{Codec::amrWb, "amr-wb", Scale::wideband, Duration::ms(5), kAmrWbMonotic,
                "ITU-T G.113 (09/2024) table IV.1"},
    CodecTraits{Codec::amrWbDiotic, "amr-wb-diotic", Scale::wideband, Duration::ms(5), kAmrWbDiotic,
                "ITU-T G.113 (09/2024) tables IV.3 and IV.4"},
    CodecTraits{Codec::g726, "g726", Scale::narrowband, Duration{}, kG726Points, kG113},
    CodecTraits{Codec::g728, "g728", Scale::narrowband, Duration{}, kG728Points, kG113},
    CodecTraits{Codec::g729aPlain, "g729a-no-vad", Scale::narrowband, Duration::ms(5), kG729aPlain,
                kG113},
    CodecTraits{Codec::g7231Low, "g723.1-5.3", Scale::narrowband, Duration::us(7500), kG7231Low,
                kG113},
    CodecTraits{Codec::gsmFr, "gsm-fr", Scale::narrowband, Duration{}, kGsmFr, kG113},
    CodecTraits{Codec::is641, "is-641", Scale::narrowband, Duration::ms(5), kIs641, kG113},
    CodecTraits{Codec::ilbc, "ilbc", Scale::narrowband, Duration::ms(5), kIlbcPoint,
                "in use (Vialer SIP statistics), not from ITU-T"},
};

constexpr bool inEnumOrder() {
  for (std::size_t i = 0; i < kCodecTable.size(); ++i) {
    if (static_cast<std::size_t>(kCodecTable[i].codec) != i) return false;
  }
  return true;
}
static_assert(inEnumOrder());

CodecParameters atPoint(const CodecPoint& point, bool outside) {
  return {point.ie, point.bplRandom, point.bplBursty, outside, point.bplAssumed};
}

}  // namespace

const CodecTraits& traits(Codec codec) {
  return kCodecTable[static_cast<std::size_t>(codec)];
}

Codec opusAt(DataRate bitrate, Duration frame, bool constantBitRate) {
  const std::int64_t framesBeyond = std::max<std::int64_t>(Duration::s(1) / frame - 50, 0);
  const std::int64_t usable = bitrate.count() - 60 * framesBeyond;
  const DataRate equivalent =
      DataRate::bitsPerSecond(constantBitRate ? usable - usable / 12 : usable);
  if (equivalent < kbps(9)) {
    return constantBitRate ? Codec::opusNarrowbandCbr : Codec::opusNarrowband;
  }
  if (equivalent < kbps(13.5)) {
    return constantBitRate ? Codec::opusWidebandCbr : Codec::opusWideband;
  }
  return constantBitRate ? Codec::opusCbr : Codec::opus;
}

std::span<const CodecTraits> allCodecs() {
  return kCodecTable;
}

std::optional<Codec> codecNamed(std::string_view name) {
  for (const CodecTraits& row : kCodecTable) {
    if (row.name == name) return row.codec;
  }
  return std::nullopt;
}

CodecParameters parameters(Codec codec, DataRate bitrate) {
  const auto points = traits(codec).points;
  const bool single = points.size() == 1;
  if (bitrate <= points.front().bitrate) {
    return atPoint(points.front(), !single && bitrate < points.front().bitrate);
  }
  if (bitrate >= points.back().bitrate) {
    return atPoint(points.back(), !single && bitrate > points.back().bitrate);
  }
  const auto above =
      std::upper_bound(points.begin(), points.end(), bitrate,
                       [](DataRate rate, const CodecPoint& point) { return rate < point.bitrate; });
  const CodecPoint& low = *(above - 1);
  const CodecPoint& high = *above;
  const double share = static_cast<double>(bitrate.count() - low.bitrate.count()) /
                       static_cast<double>(high.bitrate.count() - low.bitrate.count());
  const auto between = [share](double a, double b) { return a + (b - a) * share; };
  return {between(low.ie, high.ie), between(low.bplRandom, high.bplRandom),
          between(low.bplBursty, high.bplBursty), false,
          low.bplAssumed || (share > 0 && high.bplAssumed)};
}

}  // namespace callflow::quality
