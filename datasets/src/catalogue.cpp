#include "catalogue.hpp"

#include <bit>
#include <cstdio>

namespace quintile::datasets {

namespace {

struct Category {
  std::string_view name;
  std::array<std::string_view, 3> phrases;
};

// From the most to the least bought. Some phrases have what CSV must quote and what is not ASCII.
constexpr std::array<Category, Catalogue::kCategories> kCategoryTable = {{
    {"home-decor", {"wall clock", "photo frame", "vase, white"}},
    {"kitchen", {"cast iron pan", "coffee grinder", "caf\xC3\xA9 cups"}},
    {"lighting", {"desk lamp", "fairy lights", "lamp \"retro\""}},
    {"textiles", {"linen bedding", "throw blanket", "cushion cover, 45x45"}},
    {"stationery", {"notebook a5", "fountain pen", "wrapping paper"}},
    {"toys", {"wooden train", "puzzle 1000", "board game"}},
    {"garden", {"herb planter", "hose reel", "bird feeder"}},
    {"bathroom", {"bath towel", "soap dish", "shower curtain"}},
    {"candles", {"scented candle", "tea lights", "candle holder"}},
    {"bags", {"tote bag", "lunch bag", "backpack, grey"}},
    {"jewellery", {"silver earrings", "necklace", "charm bracelet"}},
    {"storage", {"storage box", "glass jars", "shoe rack"}},
    {"party", {"paper plates", "bunting", "birthday candles"}},
    {"seasonal", {"advent calendar", "easter wreath", "baubles"}},
    {"tea-coffee", {"green tea", "espresso beans", "teapot"}},
    {"books", {"cookbook", "children's book", "travel guide"}},
    {"beauty", {"hand cream", "face mask", "lip balm"}},
    {"pets", {"dog bed", "cat toy", "food bowl"}},
    {"sport", {"yoga mat", "water bottle", "running belt"}},
    {"office", {"monitor stand", "desk organiser", "chair cushion"}},
    {"electronics", {"bluetooth speaker", "usb-c cable", "power bank"}},
    {"furniture", {"side table", "bookcase", "bar stool"}},
    {"tools", {"screwdriver set", "tape measure", "drill bits"}},
    {"art", {"watercolours", "canvas 40x50", "print, framed"}},
}};

constexpr std::array<std::string_view, 2> kServiceCategories = {"postage", "samples"};
constexpr std::array<Cents, 6> kPriceEndings = {99, 99, 95, 50, 49, 0};

std::string product_id(std::size_t index) {
  std::array<char, 16> text{};
  const int length = std::snprintf(text.data(), text.size(), "P%05zu", index);
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

Catalogue::Catalogue(std::uint64_t seed)
    : categories_(WeightedChoice::power_law(kCategories, 0.8)),
      within_band_(WeightedChoice::power_law(kProductsPerBand, 1.1)) {
  products_.push_back({.id = "POSTAGE", .category = kCategories, .price = kPostagePrice});
  products_.push_back({.id = "SAMPLE", .category = kCategories + 1, .price = 0});
  Random random(seed, Purpose::kCatalogue, 0);
  for (std::uint32_t category = 0; category < kCategories; ++category) {
    for (std::uint32_t band = 0; band < kBands; ++band) {
      const Cents lowest = kLowestPrice << band;
      for (std::uint32_t i = 0; i < kProductsPerBand; ++i) {
        const Cents within = lowest + random.below(static_cast<std::uint32_t>(lowest));
        const Cents ending = kPriceEndings[random.below(kPriceEndings.size())];
        products_.push_back({.id = product_id(products_.size() - 1),
                             .category = category,
                             .price = within / 100 * 100 + ending});
      }
    }
  }
}

std::string_view Catalogue::category_name(std::uint32_t category) const noexcept {
  return category < kCategories ? kCategoryTable[category].name
                                : kServiceCategories[category - kCategories];
}

std::string_view Catalogue::search_phrase(std::uint32_t category, Random& random) const noexcept {
  return kCategoryTable[category].phrases[random.below(3)];
}

std::uint32_t Catalogue::pick_product(std::uint32_t category, Cents price,
                                      Random& random) const noexcept {
  const auto ratio = static_cast<std::uint64_t>(price < kLowestPrice ? 1 : price / kLowestPrice);
  const auto doublings = static_cast<std::uint32_t>(std::bit_width(ratio) - 1);
  const std::uint32_t band = doublings < kBands ? doublings : kBands - 1;
  return 2 + (category * kBands + band) * kProductsPerBand + within_band_.pick(random);
}

}  // namespace quintile::datasets
