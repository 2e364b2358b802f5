//! What people call things in login APIs, in the languages that we have seen. Names are compared without case, dashes,
//! underscores and dots.
//!
//! How to add a language: its words into these lists.

/// Earlier ones are the likelier ones.
const PASSWORDS: &str = "\
    password passwd pwd pass passphrase userpassword plainpassword loginpassword contrasena contraseña clave \
    claveacceso senha motdepasse mdp passwort kennwort wachtwoord haslo hasło parola sifre passord losenord \
    heslo salasana pin accesskey";

const IDENTIFIERS: &str = "\
    identifier username usernameoremail usernameoremailaddress emailorusername login loginid loginname email \
    emailaddress useremail mail user userid uid usuario nombreusuario nombredeusuario nomusuario correo \
    correoelectronico usuarionome nomeusuario utilisateur nomutilisateur identifiant courriel benutzer \
    benutzername nutzername gebruikersnaam gebruiker uzytkownik nazwauzytkownika kullaniciadi eposta utente \
    phone phonenumber mobile telefono telefone msisdn account accountname handle dni cpf matricula name";

const ACCESS_TOKENS: &str = "\
    accesstoken token jwt jwttoken accessjwt authtoken authenticationtoken authorizationtoken authtokenvalue \
    bearertoken bearer apitoken usertoken sessiontoken access plaintexttoken tokenvalue tokenacceso \
    tokendeacceso tokenacesso jeton jetonacces zugriffstoken tokenstring tokenkey sessionid sessionkey sid \
    ticket authticket apikey key securitytoken customertoken logintoken idtoken authkey tokenid authid \
    accesstokenvalue";

const REFRESH_TOKENS: &str = "\
    refreshtoken refresh refreshjwt jwtrefresh renewtoken renewaltoken tokenrefresh refreshtokenvalue \
    tokenrenovacion tokenrefresco tokenderefresco tokenactualizacion tokenatualizacao jetonrafraichissement \
    aktualisierungstoken refreshkey";

const EXPIRIES: &str = "\
    expiresin expiresat expires expiry expiration expire expireat expirein exp expirydate expirationdate \
    expirationtime expirytime expiretime expiredate expiresdate expireson accesstokenexpiresin \
    accesstokenexpiresat accesstokenexpiration accesstokenexpiry accessexpiresin accessexpiresat \
    accessexpires tokenexpiresin tokenexpiresat tokenexpires tokenexpiry tokenexpiration tokenexpirationdate \
    tokenlifetime validuntil validto ttl lifetime maxage expiresinms expiresinmillis expiresinseconds \
    expiresinsecs vence expiraen expiracion fechaexpiracion validade expiraem";

const USERS: &str = "\
    user usuario userinfo userdata account profile currentuser loggedinuser member customer utilisateur \
    benutzer datosusuario utente uzytkownik me";

/// Members that say by true or false whether it went well.
const SUCCESSES: &str = "\
    success successful issuccess issuccessful succeeded ok isok exito exitoso sucesso respuesta valid isvalid \
    status";
const FAILURES: &str = "\
    error iserror haserror haserrors failed fail";

const LOGINS: &str = "\
    login signin logon authenticate authentication auth token tokens session sessions authorize connect \
    iniciarsesion iniciosesion inicio ingresar ingreso acceder acceso autenticar autenticacion entrar \
    autenticacao connexion connecter anmelden anmeldung einloggen accedi accesso inloggen zaloguj logowanie \
    giris";
/// In scripts without the Latin letters of a path, in summaries and descriptions.
const LOGIN_PHRASES: [&str; 9] =
    ["登录", "登入", "登錄", "ログイン", "로그인", "вход", "войти", "авторизац", "تسجيل الدخول"];

const NOT_LOGINS: &str = "\
    register registration signup reset forgot forgotten change recover recovery confirm confirmation verify \
    update create invite invitation activate activation registro registrar cadastro inscription registrieren \
    restablecer olvide cambiar recuperar introspect revoke logout signout validate otp mfa 2fa delete";

const REFRESHES: &str = "\
    refresh renew renewal renovar refrescar refreshtoken extend atualizar rafraichir erneuern prolong rotate";

const LOGOUTS: &str = "\
    logout signout logoff signoff revoke cerrarsesion cerrar salir desconectar sair deconnexion abmelden \
    abmeldung uitloggen wyloguj cikis esci invalidate disconnect blacklist";

const PROFILES: &str = "\
    me profile whoami userinfo currentuser current perfil moi profil self account actual myprofile getme user";

/// A name without case, dashes, underscores, dots and blanks.
pub(crate) fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | '.' | ' ' | '@' | '$')).flat_map(char::to_lowercase).collect()
}

/// The words of a name or a path: `getCurrentUser_v2` is `get`, `current`, `user`, `v2`.
pub(crate) fn split(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for c in text.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && lower) {
            words.push(String::new());
        }
        lower = c.is_lowercase() || c.is_ascii_digit();
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|it| !it.is_empty());
    words
}

/// Where a name stands in a list: 0 is the likeliest.
fn rank(list: &str, name: &str) -> Option<usize> {
    let name = plain(name);
    list.split(' ').position(|it| it == name)
}

/// The same, where the name may have more words before: `userPassword`, `txtClave`.
fn rank_of_end(list: &str, name: &str) -> Option<usize> {
    rank(list, name).or_else(|| split(name).last().and_then(|it| rank(list, it)).map(|it| it + list.len()))
}

pub(crate) fn password(name: &str) -> Option<usize> {
    let new = ["new", "old", "confirm", "confirmation", "repeat", "current", "hash", "again"];
    let words = split(name);
    if words.iter().any(|it| new.contains(&it.as_str())) { None } else { rank_of_end(PASSWORDS, name) }
}

pub(crate) fn identifier(name: &str) -> Option<usize> {
    rank_of_end(IDENTIFIERS, name)
}

pub(crate) fn access_token(name: &str) -> Option<usize> {
    let about =
        ["type", "refresh", "csrf", "xsrf", "expires", "expiry", "reset", "device", "push", "verification", "id"];
    let words = split(name);
    let other = words.iter().any(|it| about.contains(&it.as_str())) && rank(ACCESS_TOKENS, name).is_none();
    if other { None } else { rank_of_end(ACCESS_TOKENS, name) }
}

pub(crate) fn refresh_token(name: &str) -> Option<usize> {
    rank(REFRESH_TOKENS, name)
}

pub(crate) fn expiry(name: &str) -> Option<usize> {
    rank(EXPIRIES, name)
}

pub(crate) fn user(name: &str) -> Option<usize> {
    rank(USERS, name)
}

/// What a flag of that name says when all is well.
pub(crate) fn success_flag(name: &str) -> Option<bool> {
    match (rank(SUCCESSES, name), rank(FAILURES, name)) {
        (Some(_), _) => Some(true),
        (_, Some(_)) => Some(false),
        _ => None,
    }
}

/// The word of a path, an operation's id or a summary that tells what it is for.
fn telling(list: &'static str, texts: &[&str]) -> Option<&'static str> {
    texts.iter().find_map(|text| {
        let words = split(text);
        let pairs = words.windows(2).map(<[String]>::concat);
        let all: Vec<String> = words.iter().cloned().chain(pairs).map(|it| unaccented(&it)).collect();
        list.split(' ').find(|it| all.iter().any(|word| word == it))
    })
}

/// The same in letters without accents, as paths are written.
pub(crate) fn unaccented(word: &str) -> String {
    let plain = |c| match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    };
    word.chars().map(plain).collect()
}

pub(crate) fn login(texts: &[&str]) -> Option<&'static str> {
    telling(LOGINS, texts)
        .or_else(|| LOGIN_PHRASES.iter().copied().find(|it| texts.iter().any(|text| text.to_lowercase().contains(it))))
}

pub(crate) fn not_login(texts: &[&str]) -> Option<&'static str> {
    telling(NOT_LOGINS, texts)
}

pub(crate) fn refresh(texts: &[&str]) -> Option<&'static str> {
    telling(REFRESHES, texts)
}

pub(crate) fn logout(texts: &[&str]) -> Option<&'static str> {
    telling(LOGOUTS, texts)
}

pub(crate) fn profile(texts: &[&str]) -> Option<&'static str> {
    telling(PROFILES, texts)
}

/// Whether an expiry of that name sounds like a moment, not a length of time.
pub(crate) fn says_moment(name: &str) -> bool {
    const ENDS: [&str; 5] = ["at", "date", "until", "on", "timestamp"];
    let last = split(name).pop().unwrap_or_default();
    matches!(plain(name).as_str(), "exp" | "validto" | "expiresat" | "expireat") || ENDS.contains(&last.as_str())
}

pub(crate) fn says_millis(name: &str) -> bool {
    let words = split(name);
    words.iter().any(|it| matches!(it.as_str(), "ms" | "millis" | "milliseconds")) || plain(name).ends_with("millis")
}

/// Whether what has this name should be known to few.
pub(crate) fn says_secret(name: &str) -> bool {
    let words = split(name);
    let about = words.last().is_some_and(|it| matches!(it.as_str(), "name" | "type" | "id" | "url" | "kind"));
    let told =
        words.iter().any(|it| matches!(it.as_str(), "secret" | "apikey" | "token" | "credential" | "credentials"));
    !about && (told || password(name).is_some() || matches!(plain(name).as_str(), "xapikey" | "privatekey"))
}

/// Words that OAuth puts where one might expect secrets (RFC 6749 section 4).
pub(crate) fn is_grant(text: &str) -> bool {
    matches!(text, "password" | "refresh_token" | "client_credentials" | "Bearer" | "bearer" | "access_token")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart_at_capitals_dashes_and_underscores() {
        assert_eq!(split("/api/v1/getCurrentUser_info-2"), ["api", "v1", "get", "current", "user", "info", "2"]);
    }

    #[test]
    fn a_new_password_is_none_to_log_in_with() {
        assert!(
            password("userPassword").is_some() && password("Contraseña").is_some() && password("txtClave").is_some()
        );
        assert!(password("newPassword").is_none() && password("password_confirmation").is_none());
    }

    #[test]
    fn tokens_are_told_from_what_only_sounds_like_them() {
        assert!(access_token("accessToken").is_some() && access_token("X-Auth-Token").is_some());
        assert!(access_token("token_type").is_none() && access_token("refreshToken").is_none());
    }

    #[test]
    fn a_moment_is_told_from_a_length() {
        assert!(says_moment("expiresAt") && says_moment("expiration_date") && says_moment("exp"));
        assert!(!says_moment("expires_in") && !says_moment("expiration"));
    }
}
