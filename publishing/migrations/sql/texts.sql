-- What is asked of a text: its words and letters for the search, its twin among names, whether it is clean,
-- whether it is a partial date that can be.

-- Without vowel signs, the stroke that lengthens a word in print, and the Arabic article at the start of a word of some
-- length, alone or behind a particle of one letter.
CREATE FUNCTION majlis_bare(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT regexp_replace(regexp_replace(words, '[ً-ْـ]', '', 'g'), '(^|[^ء-ي])(?:ال(?=[ء-ي]{3})|[وفبك]ال(?=[ء-ي]{4})|لل(?=[ء-ي]{4}))', '\1', 'g') $$;

-- Without accents or capitals, with a sign of ASCII for each Arabic letter: those that are spelled one for the other
-- share one. unaccent says of itself that it is only stable, for its rules could be replaced; here they are not.
CREATE FUNCTION majlis_plain(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT translate(
    lower(public.unaccent('public.unaccent'::regdictionary, public.majlis_bare(words))), 'اأإآٱهةوؤيىئیكکبتثجحخدذرزسشصضطظعغفقلمنءپچڤگ', 'aaaaahhwwyyyykkbt0j1xd2rzs345678gfqlmn9pcvo'
) $$;

-- Words in three languages, each reduced by the rules of its own, the title's above those of the body.
CREATE FUNCTION majlis_words(title_en text, body_en text, title_tr text, body_tr text, title_ar text, body_ar text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT setweight(to_tsvector('english'::regconfig, COALESCE(title_en, '')), 'A') || setweight(to_tsvector('english'::regconfig, COALESCE(body_en, '')), 'B') || setweight(to_tsvector('turkish'::regconfig, COALESCE(title_tr, '')), 'A') || setweight(to_tsvector('turkish'::regconfig, COALESCE(body_tr, '')), 'B') || setweight(to_tsvector('arabic'::regconfig, public.majlis_bare(COALESCE(title_ar, ''))), 'A') || setweight(to_tsvector('arabic'::regconfig, public.majlis_bare(COALESCE(body_ar, ''))), 'B') $$;

-- The same texts as letters alone.
CREATE FUNCTION majlis_letters(title_en text, body_en text, title_tr text, body_tr text, title_ar text, body_ar text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT public.majlis_plain(COALESCE(title_en, '') || ' ' || COALESCE(body_en, '') || ' ' || COALESCE(title_tr, '') || ' ' || COALESCE(body_tr, '') || ' ' || COALESCE(title_ar, '') || ' ' || COALESCE(body_ar, '')) $$;

-- What a person typed, as a query in each of the languages.
CREATE FUNCTION majlis_query(sought text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT websearch_to_tsquery('english'::regconfig, COALESCE(sought, '')) || websearch_to_tsquery('turkish'::regconfig, COALESCE(sought, '')) || websearch_to_tsquery('arabic'::regconfig, public.majlis_bare(COALESCE(sought, ''))) $$;

-- A name as twins share it: without case (servers without a locale know the case of ASCII alone), forms of Arabic letters,
-- vowel signs, apostrophes and what is not seen; digits as 0 to 9; blanks and hyphens as one blank.
CREATE FUNCTION majlis_folded(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT btrim(regexp_replace(
    translate(normalize(name, NFKC), E'ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮĲĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽƁƂƄƆƇƉƊƋƎƏƐƑƓƔƖƗƘƜƝƟƠƢƤƦƧƩƬƮƯƱƲƳƵƷƸƼǄǅǇǈǊǋǍǏǑǓǕǗǙǛǞǠǢǤǦǨǪǬǮǱǲǴǶǷǸǺǼǾȀȂȄȆȈȊȌȎȐȒȔȖȘȚȜȞȠȢȤȦȨȪȬȮȰȲȺȻȽȾɁɃɄɅɆɈɊɌɎͰͲͶͿΆΈΉΊΌΎΏΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫϏϘϚϜϞϠϢϤϦϨϪϬϮϴϷϹϺϽϾϿЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯѠѢѤѦѨѪѬѮѰѲѴѶѸѺѼѾҀҊҌҎҐҒҔҖҘҚҜҞҠҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾӀӁӃӅӇӉӋӍӐӒӔӖӘӚӜӞӠӢӤӦӨӪӬӮӰӲӴӶӸӺӼӾԀԂԄԆԈԊԌԎԐԒԔԖԘԚԜԞԠԢԤԦԨԪԬԮḀḂḄḆḈḊḌḎḐḒḔḖḘḚḜḞḠḢḤḦḨḪḬḮḰḲḴḶḸḺḼḾṀṂṄṆṈṊṌṎṐṒṔṖṘṚṜṞṠṢṤṦṨṪṬṮṰṲṴṶṸṺṼṾẀẂẄẆẈẊẌẎẐẒẔẞẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸỺỼỾἈἉἊἋἌἍἎἏἘἙἚἛἜἝἨἩἪἫἬἭἮἯἸἹἺἻἼἽἾἿὈὉὊὋὌὍὙὛὝὟὨὩὪὫὬὭὮὯᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾸᾹᾺΆᾼῈΈῊΉῌῘῙῚΊῨῩῪΎῬῸΌῺΏῼİıأإآٱةھہۃىئیؤک٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹''’‘‛ʼʻ`´′ʿʾ\u0307\u0610\u0611\u0612\u0613\u0614\u0615\u0616\u0617\u0618\u0619\u061Aـ\u064B\u064C\u064D\u064E\u064F\u0650\u0651\u0652\u0653\u0654\u0655\u0656\u0657\u0658\u0659\u065A\u065B\u065C\u065D\u065E\u065F\u0670\u06D6\u06D7\u06D8\u06D9\u06DA\u06DB\u06DC\u06DF\u06E0\u06E1\u06E2\u06E3\u06E4ۥۦ\u06E7\u06E8\u06EA\u06EB\u06EC\u06ED\u08D3\u08D4\u08D5\u08D6\u08D7\u08D8\u08D9\u08DA\u08DB\u08DC\u08DD\u08DE\u08DF\u08E0\u08E1\u08E2\u08E3\u08E4\u08E5\u08E6\u08E7\u08E8\u08E9\u08EA\u08EB\u08EC\u08ED\u08EE\u08EF\u08F0\u08F1\u08F2\u08F3\u08F4\u08F5\u08F6\u08F7\u08F8\u08F9\u08FA\u08FB\u08FC\u08FD\u08FE\u08FF\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B\u180C\u180D\u180E\u180F\u200B\u200C\u200D\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2060\u2061\u2062\u2063\u2064\u2065\u2066\u2067\u2068\u2069\u206A\u206B\u206C\u206D\u206E\u206F⠀\u3164\uFE00\uFE01\uFE02\uFE03\uFE04\uFE05\uFE06\uFE07\uFE08\uFE09\uFE0A\uFE0B\uFE0C\uFE0D\uFE0E\uFE0F\uFFA0\U0001BCA0\U0001BCA1\U0001BCA2\U0001BCA3\U0001D173\U0001D174\U0001D175\U0001D176\U0001D177\U0001D178\U0001D179\U0001D17A\U000E0100\U000E0101\U000E0102\U000E0103\U000E0104\U000E0105\U000E0106\U000E0107\U000E0108\U000E0109\U000E010A\U000E010B\U000E010C\U000E010D\U000E010E\U000E010F\U000E0110\U000E0111\U000E0112\U000E0113\U000E0114\U000E0115\U000E0116\U000E0117\U000E0118\U000E0119\U000E011A\U000E011B\U000E011C\U000E011D\U000E011E\U000E011F\U000E0120\U000E0121\U000E0122\U000E0123\U000E0124\U000E0125\U000E0126\U000E0127\U000E0128\U000E0129\U000E012A\U000E012B\U000E012C\U000E012D\U000E012E\U000E012F\U000E0130\U000E0131\U000E0132\U000E0133\U000E0134\U000E0135\U000E0136\U000E0137\U000E0138\U000E0139\U000E013A\U000E013B\U000E013C\U000E013D\U000E013E\U000E013F\U000E0140\U000E0141\U000E0142\U000E0143\U000E0144\U000E0145\U000E0146\U000E0147\U000E0148\U000E0149\U000E014A\U000E014B\U000E014C\U000E014D\U000E014E\U000E014F\U000E0150\U000E0151\U000E0152\U000E0153\U000E0154\U000E0155\U000E0156\U000E0157\U000E0158\U000E0159\U000E015A\U000E015B\U000E015C\U000E015D\U000E015E\U000E015F\U000E0160\U000E0161\U000E0162\U000E0163\U000E0164\U000E0165\U000E0166\U000E0167\U000E0168\U000E0169\U000E016A\U000E016B\U000E016C\U000E016D\U000E016E\U000E016F\U000E0170\U000E0171\U000E0172\U000E0173\U000E0174\U000E0175\U000E0176\U000E0177\U000E0178\U000E0179\U000E017A\U000E017B\U000E017C\U000E017D\U000E017E\U000E017F\U000E0180\U000E0181\U000E0182\U000E0183\U000E0184\U000E0185\U000E0186\U000E0187\U000E0188\U000E0189\U000E018A\U000E018B\U000E018C\U000E018D\U000E018E\U000E018F\U000E0190\U000E0191\U000E0192\U000E0193\U000E0194\U000E0195\U000E0196\U000E0197\U000E0198\U000E0199\U000E019A\U000E019B\U000E019C\U000E019D\U000E019E\U000E019F\U000E01A0\U000E01A1\U000E01A2\U000E01A3\U000E01A4\U000E01A5\U000E01A6\U000E01A7\U000E01A8\U000E01A9\U000E01AA\U000E01AB\U000E01AC\U000E01AD\U000E01AE\U000E01AF\U000E01B0\U000E01B1\U000E01B2\U000E01B3\U000E01B4\U000E01B5\U000E01B6\U000E01B7\U000E01B8\U000E01B9\U000E01BA\U000E01BB\U000E01BC\U000E01BD\U000E01BE\U000E01BF\U000E01C0\U000E01C1\U000E01C2\U000E01C3\U000E01C4\U000E01C5\U000E01C6\U000E01C7\U000E01C8\U000E01C9\U000E01CA\U000E01CB\U000E01CC\U000E01CD\U000E01CE\U000E01CF\U000E01D0\U000E01D1\U000E01D2\U000E01D3\U000E01D4\U000E01D5\U000E01D6\U000E01D7\U000E01D8\U000E01D9\U000E01DA\U000E01DB\U000E01DC\U000E01DD\U000E01DE\U000E01DF\U000E01E0\U000E01E1\U000E01E2\U000E01E3\U000E01E4\U000E01E5\U000E01E6\U000E01E7\U000E01E8\U000E01E9\U000E01EA\U000E01EB\U000E01EC\U000E01ED\U000E01EE\U000E01EF', 'abcdefghijklmnopqrstuvwxyzàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįĳĵķĺļľŀłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷÿźżžɓƃƅɔƈɖɗƌǝəɛƒɠɣɩɨƙɯɲɵơƣƥʀƨʃƭʈưʊʋƴƶʒƹƽǆǆǉǉǌǌǎǐǒǔǖǘǚǜǟǡǣǥǧǩǫǭǯǳǳǵƕƿǹǻǽǿȁȃȅȇȉȋȍȏȑȓȕȗșțȝȟƞȣȥȧȩȫȭȯȱȳⱥȼƚⱦɂƀʉʌɇɉɋɍɏͱͳͷϳάέήίόύώαβγδεζηθικλμνξοπρστυφχψωϊϋϗϙϛϝϟϡϣϥϧϩϫϭϯθϸϲϻͻͼͽѐёђѓєѕіїјљњћќѝўџабвгдежзийклмнопрстуфхцчшщъыьэюяѡѣѥѧѩѫѭѯѱѳѵѷѹѻѽѿҁҋҍҏґғҕҗҙқҝҟҡңҥҧҩҫҭүұҳҵҷҹһҽҿӏӂӄӆӈӊӌӎӑӓӕӗәӛӝӟӡӣӥӧөӫӭӯӱӳӵӷӹӻӽӿԁԃԅԇԉԋԍԏԑԓԕԗԙԛԝԟԡԣԥԧԩԫԭԯḁḃḅḇḉḋḍḏḑḓḕḗḙḛḝḟḡḣḥḧḩḫḭḯḱḳḵḷḹḻḽḿṁṃṅṇṉṋṍṏṑṓṕṗṙṛṝṟṡṣṥṧṩṫṭṯṱṳṵṷṹṻṽṿẁẃẅẇẉẋẍẏẑẓẕßạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹỻỽỿἀἁἂἃἄἅἆἇἐἑἒἓἔἕἠἡἢἣἤἥἦἧἰἱἲἳἴἵἶἷὀὁὂὃὄὅὑὓὕὗὠὡὢὣὤὥὦὧᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾰᾱὰάᾳὲέὴήῃῐῑὶίῠῡὺύῥὸόὼώῳiiااااههههيييوك01234567890123456789'), '[\u0009-\u000D\u0020\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000\u002D\u2010-\u2015\u2212]+', ' ', 'g'
)) $$;

-- Whether a text is as publishing/database/clean_text.py leaves it.
CREATE FUNCTION majlis_is_clean(words text, lines boolean) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    turns text;
    open text;
BEGIN
    IF words ~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029\u206A-\u206F\uE000-\uF8FF\U000F0000-\U0010FFFF\uFDD0-\uFDEF\uFEFF\uFFF9-\uFFFB\uFFFD-\uFFFF\U000E0000-\U000E007F\U0001FFFE\U0001FFFF\U0002FFFE\U0002FFFF\U0003FFFE\U0003FFFF\U0004FFFE\U0004FFFF\U0005FFFE\U0005FFFF\U0006FFFE\U0006FFFF\U0007FFFE\U0007FFFF\U0008FFFE\U0008FFFF\U0009FFFE\U0009FFFF\U000AFFFE\U000AFFFF\U000BFFFE\U000BFFFF\U000CFFFE\U000CFFFF\U000DFFFE\U000DFFFF\U000EFFFE\U000EFFFF]' OR words IS NOT NFC NORMALIZED OR NOT lines AND words ~ '[\n\t]' THEN
        RETURN false;
    ELSIF words !~ '[\u202A-\u202E\u2066-\u2069]' THEN
        RETURN true;
    END IF;
    turns := regexp_replace(words, '[^\n\u202A-\u202E\u2066-\u2069]', '', 'g');
    LOOP
        open := regexp_replace(turns, '[\u202A\u202B\u202D\u202E]\u202C|[\u2066-\u2068]\u2069', '', 'g');
        EXIT WHEN open = turns;
        turns := open;
    END LOOP;
    RETURN turns !~ '[^\n]';
END $$;

-- Whether a text is a partial date of a day that can be: the counterpart of bounds() in publishing/partial_dates/field.py.
CREATE FUNCTION publishing_can_be(said text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $_$
SELECT CASE
    WHEN said !~ (
        SELECT '^(?:' || one || '|' || one || '/(?:' || one || '|(?:\.\.)?)|(?:\.\.)?/' || one || ')$'
        -- Seasons have no qualifier: the library cannot tell their days then.
        FROM (SELECT '(?:[0-9]{4}-2[1-4]|(?:[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?'
            || '|[0-9]{3}X|[0-9]{2}XX|[0-9]{4}-XX(?:-XX)?|[0-9]{4}-(?:0[1-9]|1[0-2])-XX)[?~%]?)' AS one) AS shape
    ) THEN FALSE
    WHEN said ~ '^(?:0000|000X|00XX)|/0000' THEN FALSE
    ELSE NOT EXISTS (
        SELECT 1 FROM regexp_matches(said, '([0-9]{4})-([0-9]{2})-([0-9]{2})', 'g') AS day
        WHERE day[3]::INTEGER > extract(
            DAY FROM make_date(day[1]::INTEGER, day[2]::INTEGER, 1) + INTERVAL '1 month' - INTERVAL '1 day'
        )
    )
END
$_$;
