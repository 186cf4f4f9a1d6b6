/** English words that carry grammar rather than content, in lower case, and the yes and no of an answer. */
export const stopWords: ReadonlySet<string> = new Set(
  `a about above after again against all also although am an and another any are aren't around as at be became
  because become been before being below between both but by came can can't cannot could couldn't did didn't do
  does doesn't doing don't down during each either else ever every few for from further had hadn't has hasn't
  have haven't having he he'd he'll he's her here here's hers herself him himself his how however i i'd i'll
  i'm i've if in into is isn't it it's its itself just let me might mine more most much must my myself neither
  no nor not now of off often on once only onto or other others ought our ours ourselves out over own per quite
  rather same shall she she'd she'll she's should shouldn't since so some such than that that's the their
  theirs them themselves then there there's these they they'd they'll they're they've this those though through
  thus to too under until unto up upon us very was wasn't we we'd we'll we're we've were weren't what what's
  when whence where whether which while who who's whoever whom whose why will with within without won't would
  wouldn't yes yet you you'd you'll you're you've your yours yourself yourselves`.split(/\s+/),
);
