namespace AuthServer.Engine.Mail;

/// <summary>Takes letters. Posting returns at once and never fails, so that it tells nobody which addresses are known here.</summary>
public interface IPostOffice
{
    void Post(Letter letter);
}
