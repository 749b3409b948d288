/**
 * What people choose when asked for a password, most of it from the lists that leak again and again.
 * Kept as stems: with the usual endings they stand for the entries of the blocklist (ASVS 6.2.4, 6.2.11).
 */
const STEMS = `
password passwd passw0rd password1 pass word admin administrator root guest user test tester testing default login logon logout welcome
letmein changeme secret master access server system manager support service office public private student teacher demo sample example
temp temporary qwerty qwertyuiop qwert qwer asdf asdfgh asdfghjkl zxcv zxcvb zxcvbn zxcvbnm qazwsx qazwsxedc wsxedc edcrfv rfvtgb tgbyhn
qweasd qweasdzxc asdqwe zaqwsx zaqxsw poiuytrewq lkjhgfdsa mnbvcxz qpwoeiruty adgjmptw azerty dvorak abcd abcde abcdef abcdefg abcdefgh abc
aaa bbb ccc xxx zzz iloveyou ilove loveyou lovely love lover loveme sweet sweetheart honey baby babygirl babyboy darling angel angels princess
prince queen king kings sunshine sunny moonlight moon star stars starlight rainbow flower flowers rose lily daisy violet jasmine cherry peach
apple banana orange lemon melon grape strawberry blueberry chocolate cookie candy sugar coffee cheese butter pepper ginger cinnamon
monkey dragon tiger lion bear wolf eagle falcon hawk phoenix panther jaguar cougar shark dolphin whale turtle rabbit bunny kitty kitten cat cats
dog dogs doggy puppy horse pony bird birdie chicken duck goose mouse hamster snake spider spiderman bulldog animal animals
football baseball basketball softball volleyball soccer hockey tennis golf golfer rugby cricket swimming swimmer skater surfer runner racing
player gamer game games gaming winner champion victory liverpool arsenal chelsea barcelona madrid juventus manchester united city yankees
cowboys steelers packers eagles lakers bulls dodgers redsox giants rangers broncos raiders patriots celtics
superman batman ironman hulk thor joker avengers marvel pokemon pikachu naruto goku dragonball gundam mario luigi zelda sonic doraemon totoro
hellokitty mickey minnie donald disney starwars skywalker vader jedi yoda matrix terminator hobbit gandalf frodo harry harrypotter hermione
michael jordan jennifer jessica ashley michelle amanda melissa nicole stephanie elizabeth samantha daniel matthew andrew anthony joshua
christopher robert thomas william richard charles george david james john joseph jason justin brandon jonathan nicholas alexander alexandra
alexis benjamin patrick kevin brian steven edward ronald kenneth timothy jeffrey gregory raymond dennis jerry walter peter henry carl arthur
louis johnny jimmy bobby tommy billy buddy maggie molly bailey charlie harley lucky shadow ginger sophie chloe oliver jackson mason taylor
jordan morgan hunter austin dakota madison hannah emily emma olivia abigail grace victoria natalie rachel rebecca laura sarah maria anna
anne annie mary martha linda barbara patricia susan nancy karen lisa betty helen sandra donna carol ruth sharon kelly heather amber crystal
diamond ruby pearl silver golden gold platinum platina purple yellow green blue black white red pink brown orange gray magenta
summer winter spring autumn january february march april may june july august september october november december monday tuesday wednesday
thursday friday saturday sunday morning night today tomorrow forever always never again happy happiness smile smiley lucky fortune freedom
peace hope faith trust believe blessed jesus christ heaven church bible amen grace spirit family mother father mommy daddy sister brother
friend friends bestfriend people person world earth ocean river mountain forest island beach paradise nature garden home house school college
university hospital company business money cash dollar bank credit paypal amazon google yahoo facebook twitter instagram youtube linkedin
microsoft windows apple android iphone samsung galaxy nokia sony toshiba panasonic hitachi fujitsu nintendo playstation xbox steam minecraft
internet network computer laptop desktop keyboard printer router cisco oracle mysql postgres database linux ubuntu debian redhat java python
javascript svelte node hello helloworld hey whatever nothing something anything everything thankyou thanks please sorry goodbye bye
trustno1 killer hacker hack crack ninja samurai warrior soldier fighter hunter ranger knight legend hero wizard magic mystery ghost demon
devil satan lucifer vampire zombie monster alien robot machine rocket thunder lightning storm hurricane tornado blizzard fire flame inferno
ice snow rain cloud wind water steel iron stone rock metal metallica nirvana slipknot eminem beatles music guitar piano drummer dance dancer
singer rockstar popstar movie movies actor camera photo picture art artist design designer creative genius clever smart einstein newton
ferrari porsche mercedes bmw audi toyota honda nissan mazda subaru suzuki yamaha kawasaki lexus mustang corvette camaro chevy chevrolet ford
dodge jeep truck motorcycle bicycle boeing airplane pilot captain sailor pirate doctor nurse lawyer police police officer agent president
america american canada england london paris france germany berlin italy rome spain mexico brazil china korea russia india australia texas
california florida newyork chicago boston dallas houston phoenix denver seattle vegas hawaii miami
japan japanese nippon nihon tokyo osaka kyoto nagoya sapporo fukuoka yokohama kobe sendai hiroshima kawasaki saitama chiba ibaraki tochigi
gunma kanagawa niigata toyama ishikawa fukui yamanashi nagano gifu shizuoka aichi mie shiga hyogo nara wakayama tottori shimane okayama
yamaguchi tokushima kagawa ehime kochi saga nagasaki kumamoto oita miyazaki kagoshima okinawa hokkaido aomori iwate miyagi akita yamagata
fukushima mito hitachi kitaibaraki hitachinaka tsukuba tsuchiura iwaki
sakura momiji himawari ajisai tsubaki ume matsu take fuji fujisan hana hanabi yuki sora umi yama kawa kaze hoshi tsuki taiyou hikari kokoro
yume kibou yuuki kizuna arigatou arigato ohayou konnichiwa konbanwa sayonara oyasumi daisuki aishiteru suki genki tanoshii ureshii kawaii
kirei sugoi ganbare ganbaru banzai omedetou itadakimasu gochisousama tadaima okaeri sumimasen gomennasai onegaishimasu yoroshiku
satou sato suzuki takahashi tanaka itou ito watanabe yamamoto nakamura kobayashi katou kato yoshida yamada sasaki yamaguchi matsumoto inoue
kimura hayashi saitou saito shimizu yamazaki mori abe ikeda hashimoto yamashita ishikawa nakajima maeda fujita ogawa gotou okada hasegawa
murakami kondou ishii sakamoto endou aoki fujii nishimura fukuda ota miura fujiwara okamoto matsuda nakagawa nakano harada ono tamura
takeuchi kaneko wada nakayama ishida ueda morita hara shibata sakai kudou yokoyama miyazaki miyamoto uchida takagi andou taniguchi
taro tarou hanako jiro jirou saburo ichiro ichirou kenji kenichi hiroshi takashi makoto satoshi hideki naoki daiki daisuke kazuya tatsuya
takuya shota shouta yuta yuuta ren haruto sota souta yuto minato hiroki kouji koji akira osamu minoru isamu susumu yukio kazuo hideo masao
yoko youko keiko kazuko michiko sachiko kyoko kyouko yoshiko noriko reiko junko akiko yumiko mayumi emiko eiko miyuki megumi naomi kumi
mai ai aya yui hina aoi rin mio haruka misaki nanami ayaka moe chika asuka asami mika rika erika tomomi satomi hitomi manami
densha basu kuruma jitensha hikouki fune gakkou sensei seito kaisha shigoto kazoku otousan okaasan obaasan ojiisan musume musuko kodomo
akachan inu neko usagi tori sakana kuma saru tanuki kitsune kame shika ushi uma hitsuji niwatori hiyoko penguin panda koala
gohan miso misoshiru natto nattou sushi ramen soba udon tempura onigiri mikan ringo suika ichigo budou nashi momo satsumaimo ankou
yakyuu sakkaa judo kendo karate aikido sumo onsen matsuri omatsuri hanami tanabata oshougatsu natsu haru aki fuyu
パスワード ぱすわーど ひみつ 秘密 暗証番号 あいうえお かきくけこ さしすせそ たちつてと なにぬねの いろはにほへと 愛してる ありがとう こんにちは
`;

/** The words of this portal's own trade: whoever knows what it is for tries them first. */
const TRADE = `
takahagi takahagishi たかはぎ タカハギ 高萩 高萩市
chounaikai chonaikai jichikai jichi kumiai kouminkan koominkan komyunitei community machi machizukuri matidukuri kyoudou kyodo volunteer borantia
shimin shiyakusho yakusho shiyaku siyakusyo kaicho kaichou fukukaichou kaikei kanji shoki daihyou jimukyoku shinsei hojokin shienkin portal
kyoudouportal grant grants bouhan bouhantou bousai shoubou shouboudan rijikai soukai yosan kessan reiwa heisei showa shouwa taisho meiji
町内会 自治会 常会 行政区 区会 町会 組合 公民館 集会所 子ども会 老人会 婦人会 市役所 役所 役場 会長 副会長 会計 監事 書記 代表 事務局 担当課
市民協働 協働 まちづくり 市民 補助金 支援金 申請 申請書 交付 防犯灯 防災 消防団 桜 富士山 日本 東京 大阪 茨城 埼玉 令和 平成 昭和
`;

/** Endings by which people think to make a common word their own. */
const ENDINGS = ['', '1', '12', '123', '1234', '12345', '123456', '0', '00', '01', '007', '11', '99', '!', '!!', '123!', '2020', '2021', '2022', '2023', '2024', '2025', '2026', '2027'];

const wordsOf = (text: string) => [...new Set(text.trim().split(/\s+/))];

export const TRADE_WORDS: ReadonlySet<string> = new Set(wordsOf(TRADE));

/** Stems in the order of the lists: an early place costs a guesser less. */
export const COMMON_STEMS: ReadonlyMap<string, number> = new Map(wordsOf(STEMS).map((stem, place) => [stem, place + 1]));

/** Every entry the list stands for, for the table test and for whoever asks what is refused. */
export function* commonPasswords(): Generator<string> {
  for (const stem of [...COMMON_STEMS.keys(), ...TRADE_WORDS]) for (const ending of ENDINGS) yield stem + ending;
}

/** Rows of keys a finger walks along; walked backwards and repeated too. */
const KEY_ROWS = [
  'abcdefghijklmnopqrstuvwxyz', '01234567890', '!@#$%^&*()', '!"#$%&\'()',
  'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p', 'qazwsxedcrfvtgbyhnujmikolp', '1q2w3e4r5t6y7u8i9o0p',
  'あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん', 'いろはにほへとちりぬるを',
  'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン', '一二三四五六七八九十'
];

/** Every stretch of three or more along a row, in both directions. */
export const KEY_RUNS: ReadonlySet<string> = new Set(
  KEY_ROWS.map((row) => [...row]).flatMap((row) => [row, row.toReversed()]).flatMap((row) =>
    row.flatMap((_, start) => row.slice(start + 2).map((_, more) => row.slice(start, start + 3 + more).join(''))))
);
