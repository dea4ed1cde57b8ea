#include "models/video/packetizer.h"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

#include "models/media/wire.h"

namespace callflow::video {
namespace {

using media::srtpSize;

// RFC 7741 4.2: 2, a picture ID of 15 bits in 2; TL0PICIDX 1 and TID 1 with layers.
constexpr DataSize kVp8Descriptor = DataSize::bytes(4);
constexpr DataSize kVp8LayerFields = DataSize::bytes(2);

// RFC 9628 4.2, non-flexible mode: 1, a picture ID of 15 bits in 2; layer indices 1 and TL0PICIDX 1
// with layers. A key frame's first packet has the scalability structure: of one layer 1, width and
// height 4, the length of the pattern 1, its picture 1 and the one it refers to 1.
constexpr DataSize kVp9Descriptor = DataSize::bytes(3);
constexpr DataSize kVp9LayerFields = DataSize::bytes(2);
constexpr DataSize kVp9Structure = DataSize::bytes(8);

// RFC 6184 5.3, 5.7.1, 5.8.
constexpr DataSize kNalHeader = DataSize::bytes(1);
constexpr DataSize kNalLength = DataSize::bytes(2);
constexpr DataSize kFragmentHeaders = DataSize::bytes(2);
// As OpenH264 writes them, to a byte or two.
constexpr DataSize kSequenceSet = DataSize::bytes(16);
constexpr DataSize kPictureSet = DataSize::bytes(4);

// RTP Payload Format For AV1 4.4: aggregation header; a length before all but the last element.
constexpr DataSize kAv1Header = DataSize::bytes(1);
constexpr DataSize kAv1Length = DataSize::bytes(1);
constexpr DataSize kAv1Sequence = DataSize::bytes(12);

class Packets {
 public:
  explicit Packets(const Packetization& format)
      : extensions_(format.extensions),
        wrapped_(format.fec == Fec::ulpfec ? kRedHeader : DataSize{}) {}

  void add(DataSize payload) {
    packets_.push_back({.payload = payload, .srtp = srtpSize(payload + wrapped_, extensions_)});
  }
  void add(const std::vector<DataSize>& pieces, DataSize header) {
    for (const DataSize piece : pieces) add(header + piece);
  }
  std::vector<VideoPacket> take() {
    packets_.back().marker = true;
    return std::move(packets_);
  }

 private:
  DataSize extensions_, wrapped_;
  std::vector<VideoPacket> packets_;
};

void packetizeVp8(DataSize size, bool layered, DataSize largest, Packets& out) {
  const DataSize header = kVp8Descriptor + (layered ? kVp8LayerFields : DataSize{});
  out.add(nearEqualPieces(size, largest - header), header);
}

void packetizeVp9(DataSize size, bool key, bool layered, DataSize largest, Packets& out) {
  const DataSize header = kVp9Descriptor + (layered ? kVp9LayerFields : DataSize{});
  const DataSize structure = key ? kVp9Structure : DataSize{};
  std::vector<DataSize> pieces = nearEqualPieces(size, largest - header, structure);
  pieces.front() += structure;
  out.add(pieces, header);
}

void packetizeH264(DataSize size, bool key, DataSize largest, Packets& out) {
  DataSize picture = size;
  const DataSize sets = kSequenceSet + kPictureSet;
  if (key && size > sets + kNalHeader) {
    picture = size - sets;
    const DataSize two = kNalHeader + kNalLength * 2 + sets;
    // All in one (STAP-A), if it fits.
    if (two + kNalLength + picture <= largest) {
      out.add(two + kNalLength + picture);
      return;
    }
    out.add(two);
  }
  if (picture <= largest) {
    out.add(picture);
    return;
  }
  // Fragments (FU-A) leave the header of what they are of out: it is in theirs.
  out.add(nearEqualPieces(picture - kNalHeader, largest - kFragmentHeaders), kFragmentHeaders);
}

void packetizeAv1(DataSize size, bool key, DataSize largest, Packets& out) {
  // The sequence header is an element of its own, and its length is written.
  const DataSize elements = size + (key && size > kAv1Sequence ? kAv1Length : DataSize{});
  out.add(nearEqualPieces(elements, largest - kAv1Header), kAv1Header);
}

}  // namespace

std::vector<DataSize> nearEqualPieces(DataSize total, DataSize largest, DataSize firstShorter) {
  if (total <= DataSize{} || largest <= firstShorter) {
    throw std::invalid_argument("nearEqualPieces: no pieces come of this");
  }
  const std::int64_t padded = (total + firstShorter).count();
  const std::int64_t pieces = (padded + largest.count() - 1) / largest.count();
  const std::int64_t longer = padded % pieces;
  std::vector<DataSize> out;
  out.reserve(static_cast<std::size_t>(pieces));
  for (std::int64_t i = 0; i < pieces; ++i) {
    out.push_back(DataSize::bytes(padded / pieces + (i >= pieces - longer ? 1 : 0)));
  }
  // A first piece has a byte at least; the second then gives what it lacks.
  const DataSize taken = std::min(firstShorter, out.front() - DataSize::bytes(1));
  out.front() = out.front() - taken;
  if (out.size() > 1) out[1] = out[1] - (firstShorter - taken);
  return out;
}

DataSize parityPacket(DataSize longest, std::int64_t reach, const Packetization& format) {
  // RFC 5109 7.3, 7.4: 10 B, the length of the protection, and a mask of 16 or 48 bits. libwebrtc,
  // flexfec_03_header_reader_writer.cc: 18 B and a mask of 15, 46 or 109 bits with their flags.
  // What is protected is a packet's extensions and payload, not yet wrapped.
  constexpr std::int64_t kShortUlpMask = 16, kShortFlexMask = 15, kLongFlexMask = 46;
  std::int64_t header = 0;
  if (format.fec == Fec::ulpfec)
    header = reach <= kShortUlpMask ? 14 : 18;
  else
    header = reach <= kShortFlexMask ? 20 : reach <= kLongFlexMask ? 24 : 32;
  return longest + format.extensions + DataSize::bytes(header);
}

std::vector<VideoPacket> packetize(DataSize size, bool key, const Packetization& format) {
  DataSize kept = format.retransmitted ? kOriginalNumber : DataSize{};
  if (format.fec == Fec::ulpfec) kept += kKeptForUlpfec;
  if (format.fec == Fec::flexfec) kept += kKeptForFlexfec;
  const DataSize largest = kLargestRtp - wire::kRtpHeader - format.extensions - kept;
  Packets packets(format);
  switch (format.codec) {
    case Codec::vp8:
      packetizeVp8(size, format.layered, largest, packets);
      break;
    case Codec::vp9:
      packetizeVp9(size, key, format.layered, largest, packets);
      break;
    case Codec::h264:
      packetizeH264(size, key, largest, packets);
      break;
    case Codec::av1:
      packetizeAv1(size, key, largest, packets);
      break;
  }
  return packets.take();
}

}  // namespace callflow::video
