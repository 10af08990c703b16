namespace Smxp.Bridge.Email.ReturnPaths;

/// <summary>Where bounces of mail that is written here go.</summary>
public enum ReturnPathForm
{
    /// <summary>To the author's address; they are told by what they bring back.</summary>
    Author,

    /// <summary>To an address at the author's domain that is this one mail's alone.</summary>
    Verp,
}
