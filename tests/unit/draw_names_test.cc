// Random draws are told apart by names.
#include <catch2/catch.hpp>
#include <string>
#include <unordered_set>
#include <vector>

#include "models/fabric/random.h"
#include "src/sim/draw_names.h"

using namespace callflow;

TEST_CASE("no two draws of two calls of 400 share a name, or the random stream behind it") {
  std::vector<std::string> people;
  for (int i = 0; i < 400; ++i) people.push_back("p" + std::to_string(i) + "@office");
  const std::string processor = "azure:westeurope";
  std::vector<std::string> names;
  for (const std::string call : {"one", "two"}) {
    const sim::DrawNames of(call);
    names.push_back(of.conversation());
    for (const std::string& a : people) {
      names.push_back(of.sender(a));
      names.push_back(of.control(a, processor));
      names.push_back(of.flow(a, processor));
      names.push_back(of.flow(processor, a));
      for (const std::string& b : people) {
        if (a == b) continue;
        names.push_back(of.flow(a, b));
        names.push_back(of.control(a, b));
      }
    }
  }
  const std::unordered_set<std::string> distinct(names.begin(), names.end());
  CHECK(distinct.size() == 2 * (1 + 4 * 400 + 2 * 400 * 399));
  std::unordered_set<std::uint64_t> streams;
  for (const std::string& name : distinct) streams.insert(fabric::streamNumber(name));
  CHECK(streams.size() == distinct.size());
}

TEST_CASE("flows are numbered by name, and draw by name whatever their number") {
  fabric::FlowNames names;
  CHECK(names.number("one a > b") == 1);
  CHECK(names.number("two a > b") == 2);
  CHECK(names.number("one a > b") == 1);
  CHECK(names.name(2) == "two a > b");
  CHECK(names.name(3) == "3");
  CHECK(names.name(0) == "0");
  // 100000 flows keep to numbers of their own: 16 bits do not wrap.
  for (int i = 0; i < 100'000; ++i) names.number(std::to_string(i) + " flow");
  CHECK(names.number("last") == 100'003);

  fabric::FlowNames others;
  others.number("somebody else");
  const std::uint32_t late = others.number("two a > b");
  const auto draws = [](const fabric::FlowNames& flows, std::uint32_t number) {
    fabric::FlowDraws draw("a link", &flows);
    fabric::Packet packet;
    packet.stream = number;
    packet.flags = fabric::packet_flag::kMedia | fabric::packet_flag::kNewData;
    std::vector<double> result;
    for (int i = 0; i < 5; ++i) result.push_back(draw.of(packet).uniform());
    return result;
  };
  CHECK(draws(names, 2) == draws(others, late));
  CHECK(draws(names, 1) != draws(names, 2));
}
