// Runs a fuzz target where there is no libFuzzer: on every seed input, then on mutations of them.
//   PROGRAM ROUNDS FILE...       each file is a seed; of files that end in .lines, each line is
//   one,
//                                of those in .hex each line in hexadecimal digits
// The random seed is printed, and taken back from QUINTILE_FUZZ_SEED.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Random = std::mt19937_64;

void run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

std::size_t below(Random& random, std::size_t limit) {
  return limit == 0 ? 0 : static_cast<std::size_t>(random() % limit);
}

std::string slice(Random& random, const std::string& text) {
  const std::size_t begin = below(random, text.size() + 1);
  return text.substr(begin, below(random, std::min<std::size_t>(40, text.size() - begin) + 1));
}

void mutate(Random& random, const std::vector<std::string>& seeds, std::string& input) {
  const std::size_t place = below(random, input.size() + 1);
  switch (random() % 5) {
    case 0:
      input.insert(place, 1, static_cast<char>(random() % 256));
      break;
    case 1:
      input.erase(place, below(random, 9));
      break;
    case 2:
      input.insert(place, slice(random, seeds[below(random, seeds.size())]));
      break;
    case 3:
      input.insert(place, slice(random, input));
      break;
    default:
      if (place < input.size()) {
        input[place] = static_cast<char>(random() % 128);
      }
      break;
  }
}

std::string from_hex(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

std::vector<std::string> read_seeds(int count, char** paths) {
  std::vector<std::string> seeds;
  for (int i = 0; i < count; ++i) {
    std::ifstream file(paths[i], std::ios::binary);
    const bool is_hex = std::string_view(paths[i]).ends_with(".hex");
    if (is_hex || std::string_view(paths[i]).ends_with(".lines")) {
      for (std::string line; std::getline(file, line);) {
        seeds.push_back(is_hex ? from_hex(line) : line);
      }
    } else {
      seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
  }
  return seeds;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> seeds = read_seeds(argc - 2, argv + 2);
  if (argc < 3 || seeds.empty()) {
    std::fputs("usage: PROGRAM ROUNDS FILE...\n", stderr);
    return 2;
  }
  const char* given = std::getenv("QUINTILE_FUZZ_SEED");
  const std::uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::printf("QUINTILE_FUZZ_SEED=%llu\n", static_cast<unsigned long long>(seed));
  std::fflush(stdout);
  for (const std::string& input : seeds) {
    run(input);
  }
  Random random(seed);
  const std::uint64_t rounds = std::strtoull(argv[1], nullptr, 10);
  for (std::uint64_t round = 0; round < rounds; ++round) {
    std::string input = seeds[below(random, seeds.size())];
    for (std::uint64_t edits = 1 + random() % 6; edits > 0; --edits) {
      mutate(random, seeds, input);
    }
    run(input);
  }
  return 0;
}
